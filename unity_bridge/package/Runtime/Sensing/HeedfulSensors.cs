using Unity.MLAgents.Sensors;
using UnityEngine;

namespace Heedful
{
    /// <summary>The contract's six sensors of an NPC, for ML-Agents; LockStepLink adds it.</summary>
    [AddComponentMenu("")]
    [DisallowMultipleComponent]
    public sealed class HeedfulSensors : SensorComponent
    {
        /// <inheritdoc />
        public override ISensor[] CreateSensors()
        {
            var observation = GetComponent<HeedfulNpc>().Observation;
            return new ISensor[]
            {
                new FloatSensor(Contract.AudioSensor, observation.Audio,
                    ObservationSpec.Vector(Contract.AudioSize)),
                new PictureSensor(observation),
                new FloatSensor(Contract.DialogueSensor, observation.Dialogue,
                    ObservationSpec.VariableLength(Contract.MaxUtterances, Contract.DialogueSize)),
                new FloatSensor(Contract.EntitiesSensor, observation.Entities,
                    ObservationSpec.VariableLength(Contract.MaxEntities, Contract.EntitySize)),
                new FloatSensor(Contract.GoalSensor, observation.Goal,
                    ObservationSpec.Vector(Contract.GoalSize, ObservationType.GoalSignal)),
                new FloatSensor(Contract.SelfSensor, observation.Self,
                    ObservationSpec.Vector(Contract.SelfSize))
            };
        }
    }
}
