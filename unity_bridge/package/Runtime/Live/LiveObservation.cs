using System;

namespace Heedful
{
    /// <summary>A copy of one NPC's observation on its way to the server.</summary>
    internal sealed class LiveObservation
    {
        private const int MaskBytes = (Contract.MaskSize + 7) / 8;
        private const int Usual = 16 * 1024; // more than a picture of 64 x 64 needs

        private readonly float[] audio = new float[Contract.AudioSize];
        private readonly float[] entities = new float[Contract.MaxEntities * Contract.EntitySize];
        private readonly float[] dialogue = new float[Contract.MaxUtterances * Contract.DialogueSize];
        private readonly float[] goal = new float[Contract.GoalSize];
        private readonly float[] self = new float[Contract.SelfSize];
        private readonly byte[] forbidden = new byte[MaskBytes];
        private byte[] camera = new byte[Usual];
        private int cameraCount;
        private int entityCount;
        private int utteranceCount;
        private ulong sequence;
        private double time;

        /// <summary>Copies an observation.</summary>
        /// <param name="observation">What the NPC perceives.</param>
        /// <param name="number">Number of the observation.</param>
        /// <param name="now">The game's unscaled clock, seconds.</param>
        /// <param name="keepsDialogue">Whether what was heard in the one before, which was not sent, is kept.</param>
        public void Fill(NpcObservation observation, ulong number, double now, bool keepsDialogue)
        {
            sequence = number;
            time = now;
            Buffer.BlockCopy(observation.Audio, 0, audio, 0, 4 * audio.Length);
            entityCount = observation.EntityCount;
            Buffer.BlockCopy(observation.Entities, 0, entities, 0, 4 * Contract.EntitySize * entityCount);
            Buffer.BlockCopy(observation.Goal, 0, goal, 0, 4 * goal.Length);
            Buffer.BlockCopy(observation.Self, 0, self, 0, 4 * self.Length);
            FillDialogue(observation, keepsDialogue ? utteranceCount : 0);
            FillForbidden(observation.ActionMask);
            cameraCount = observation.CameraPngLength;
            if (cameraCount > camera.Length)
                camera = new byte[2 * cameraCount];
            Buffer.BlockCopy(observation.CameraPng, 0, camera, 0, cameraCount);
        }

        /// <summary>Writes it as an Observation.</summary>
        public void Write(ProtoWriter writer, string npc)
        {
            writer.Begin().Text(1, npc).Number(2, sequence).Double(3, time)
                .Floats(4, audio, audio.Length)
                .Data(5, camera, cameraCount)
                .Floats(6, dialogue, Contract.DialogueSize * utteranceCount)
                .Floats(7, entities, Contract.EntitySize * entityCount)
                .Floats(8, goal, goal.Length)
                .Floats(9, self, self.Length)
                .Data(10, forbidden, forbidden.Length)
                .End(LiveKind.Observation);
        }

        private void FillDialogue(NpcObservation observation, int kept)
        {
            const int row = 4 * Contract.DialogueSize;
            var added = observation.UtteranceCount;
            var most = Contract.MaxUtterances - added;
            var left = Math.Max(0, kept - most); // the oldest go
            kept -= left;
            if (left > 0 && kept > 0)
                Buffer.BlockCopy(dialogue, row * left, dialogue, 0, row * kept);
            Buffer.BlockCopy(observation.Dialogue, 0, dialogue, row * kept, row * added);
            utteranceCount = kept + added;
        }

        private void FillForbidden(bool[] mask)
        {
            Array.Clear(forbidden, 0, forbidden.Length);
            for (var index = 0; index < mask.Length; index++)
                if (mask[index])
                    forbidden[index >> 3] |= (byte)(1 << (index & 7));
        }
    }
}
