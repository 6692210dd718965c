using System;
using UnityEngine;

namespace Heedful
{
    /// <summary>The clock that NPCs decide by, as the ears count it, and whether an audio device runs beside it.</summary>
    public static class GameClock
    {
        private const float DeviceStopsAfter = 1f;

        private static double lastDeviceTime;
        private static float deviceMovedAt;
        private static int frame;
        private static bool hasDevice;
        private static bool hasLooked;

        /// <summary>Whether NPCs decide in real time, as audio devices play.</summary>
        public static bool IsLive => NpcLinks.Current != null && !NpcLinks.Current.IsLockStep;

        /// <summary>Time in samples of 16 kHz: scaled on lock-step; unscaled on live, where NPCs hear on while the game
        /// is paused.</summary>
        public static long Samples
        {
            get
            {
                double now = IsLive ? Time.unscaledTimeAsDouble : Time.timeAsDouble;
                return (long)Math.Round(now * Contract.SampleRate);
            }
        }

        /// <summary>Whether there is an audio device that plays.</summary>
        public static bool HasAudioDevice
        {
            get
            {
                if (frame != Time.frameCount)
                {
                    frame = Time.frameCount;
                    LookAtDevice();
                }
                return hasDevice;
            }
        }

        private static void LookAtDevice()
        {
            double deviceTime = AudioSettings.dspTime;
            float now = Time.realtimeSinceStartup;
            if (deviceTime != lastDeviceTime)
            {
                // The first time that is seen proves nothing: a machine without a device shows one too.
                hasDevice = hasLooked;
                lastDeviceTime = deviceTime;
                deviceMovedAt = now;
            }
            else if (now - deviceMovedAt > DeviceStopsAfter)
                hasDevice = false;
            hasLooked = true;
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void Reset()
        {
            lastDeviceTime = 0.0;
            deviceMovedAt = 0f;
            frame = -1;
            hasDevice = false;
            hasLooked = false;
        }
    }
}
