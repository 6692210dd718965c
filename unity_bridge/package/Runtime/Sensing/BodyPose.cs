using UnityEngine;

namespace Heedful
{
    /// <summary>Where a body is in one decision.</summary>
    public readonly struct BodyPose
    {
        /// <summary>The floor under the feet, world space.</summary>
        public readonly Vector3 Feet;

        /// <summary>The eyes, world space.</summary>
        public readonly Vector3 Eye;

        /// <summary>Heading, radians clockwise from +z seen from above.</summary>
        public readonly float Yaw;

        /// <summary>Pitch of the eyes, radians, positive up.</summary>
        public readonly float Pitch;

        /// <summary>Sine of the heading.</summary>
        public readonly float Sine;

        /// <summary>Cosine of the heading.</summary>
        public readonly float Cosine;

        /// <summary>Makes a pose.</summary>
        public BodyPose(Vector3 feet, Vector3 eye, float yaw, float pitch)
        {
            Feet = feet;
            Eye = eye;
            Yaw = yaw;
            Pitch = pitch;
            Sine = Mathf.Sin(yaw);
            Cosine = Mathf.Cos(yaw);
        }

        /// <summary>The pose of an NPC: its body's, or its entity's when it has none.</summary>
        public static BodyPose Of(SceneEntity entity, INpcBody body)
        {
            if (body == null)
            {
                var feet = entity.Position;
                return new BodyPose(feet, feet + new Vector3(0f, Contract.EyeHeight, 0f), entity.Yaw,
                    Contract.LookPitch[(int)Look.Level]);
            }
            var eyes = body.Eyes;
            var eye = eyes != null ? eyes.position : body.Feet + new Vector3(0f, Contract.EyeHeight, 0f);
            return new BodyPose(body.Feet, eye, body.Yaw, body.Pitch);
        }

        /// <summary>A point on the floor plan in the body's frame, metres to the right and ahead.</summary>
        public void ToLocal(Vector3 point, out float right, out float forward)
        {
            float x = point.x - Feet.x, z = point.z - Feet.z;
            right = x * Cosine - z * Sine;
            forward = x * Sine + z * Cosine;
        }
    }
}
