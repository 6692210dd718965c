using UnityEngine;

namespace Heedful
{
    /// <summary>Lets a thing lie in a container or on a surface when the scene begins.</summary>
    [AddComponentMenu("Heedful/Starts In")]
    [RequireComponent(typeof(SceneEntity))]
    public sealed class StartsIn : MonoBehaviour
    {
        [SerializeField, Tooltip("The container or surface that it lies in or on.")]
        private SceneEntity carrier;

        /// <summary>The container or surface that it lies in or on.</summary>
        public SceneEntity Carrier
        {
            get { return carrier; }
            set { carrier = value; }
        }

        private void Start()
        {
            var entity = GetComponent<SceneEntity>();
            if (carrier == null || entity.Carrier != null || entity.Holder != null)
            {
                return;
            }

            int spot = carrier.FreeSpot();
            if (spot < 0)
            {
                Debug.LogWarning("'" + entity.Key + "' cannot start in '" + carrier.Key
                    + "' because that is full: put fewer things there.", this);
                return;
            }

            entity.Carrier = carrier;
            entity.Spot = spot;
        }
    }
}
