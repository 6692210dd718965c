namespace Heedful
{
    /// <summary>
    /// Everything an NPC perceives in one decision, in the contract's shapes, in buffers that are
    /// made once. All senses write into it; a link sends it.
    /// </summary>
    public sealed class NpcObservation
    {
        /// <summary>16 kHz PCM of the last 0.1 s: 1600 samples left, then 1600 right.</summary>
        public readonly float[] Audio = new float[Contract.AudioSize];

        /// <summary>MaxEntities rows of EntitySize; EntityCount of them are real.</summary>
        public readonly float[] Entities = new float[Contract.MaxEntities * Contract.EntitySize];

        /// <summary>MaxUtterances rows of DialogueSize; UtteranceCount of them are real.</summary>
        public readonly float[] Dialogue = new float[Contract.MaxUtterances * Contract.DialogueSize];

        /// <summary>The present goal, GoalSize numbers.</summary>
        public readonly float[] Goal = new float[Contract.GoalSize];

        /// <summary>The body and the last act, SelfSize numbers.</summary>
        public readonly float[] Self = new float[Contract.SelfSize];

        /// <summary>MaskSize flags in the order of the branches; true = forbidden.</summary>
        public readonly bool[] ActionMask = new bool[Contract.MaskSize];

        /// <summary>The picture as PNG, 64 x 64 RGB, in the first CameraPngLength bytes.</summary>
        public byte[] CameraPng = new byte[0];

        /// <summary>Bytes of CameraPng that are the picture; 0 when there is none.</summary>
        public int CameraPngLength;

        /// <summary>Real rows of Entities.</summary>
        public int EntityCount;

        /// <summary>Real rows of Dialogue.</summary>
        public int UtteranceCount;

        /// <summary>Number of the decision, counted from 1 per NPC.</summary>
        public int Decision;
    }
}
