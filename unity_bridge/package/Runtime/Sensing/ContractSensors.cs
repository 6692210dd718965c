using System;
using Unity.MLAgents.Sensors;

namespace Heedful
{
    /// <summary>Copies an array of floats into ML-Agents' message.</summary>
    internal sealed class FloatSensor : ISensor
    {
        private readonly string name;
        private readonly float[] values;
        private readonly ObservationSpec spec;

        public FloatSensor(string name, float[] values, ObservationSpec spec)
        {
            this.name = name;
            this.values = values;
            this.spec = spec;
        }

        public ObservationSpec GetObservationSpec()
        {
            return spec;
        }

        public int Write(ObservationWriter writer)
        {
            writer.AddList(values);
            return values.Length;
        }

        public byte[] GetCompressedObservation()
        {
            return null;
        }

        public CompressionSpec GetCompressionSpec()
        {
            return CompressionSpec.Default();
        }

        public void Update()
        {
        }

        public void Reset()
        {
        }

        public string GetName()
        {
            return name;
        }
    }

    /// <summary>Hands the picture over as PNG; a black one where there is none.</summary>
    internal sealed class PictureSensor : ISensor
    {
        private static readonly byte[] blank = Convert.FromBase64String(Contract.BlankPng);
        private readonly NpcObservation observation;
        private byte[] exact = new byte[0];

        public PictureSensor(NpcObservation observation)
        {
            this.observation = observation;
        }

        public ObservationSpec GetObservationSpec()
        {
            return ObservationSpec.Visual(3, Contract.CameraSize, Contract.CameraSize);
        }

        /// <summary>Uncompressed pixels, which the SDK asks for only when a brain runs inside Unity: black.</summary>
        public int Write(ObservationWriter writer)
        {
            for (var channel = 0; channel < 3; channel++)
                for (var row = 0; row < Contract.CameraSize; row++)
                    for (var column = 0; column < Contract.CameraSize; column++)
                        writer[channel, row, column] = 0f;
            return 3 * Contract.CameraSize * Contract.CameraSize;
        }

        public byte[] GetCompressedObservation()
        {
            var length = observation.CameraPngLength;
            if (length <= 0)
                return blank;
            if (observation.CameraPng.Length == length)
                return observation.CameraPng;
            // The SDK sends whole arrays, so the picture needs one of its own length.
            if (exact.Length != length)
                exact = new byte[length];
            Array.Copy(observation.CameraPng, exact, length);
            return exact;
        }

        public CompressionSpec GetCompressionSpec()
        {
            return new CompressionSpec(SensorCompressionType.PNG);
        }

        public void Update()
        {
        }

        public void Reset()
        {
        }

        public string GetName()
        {
            return Contract.CameraSensor;
        }
    }
}
