using UnityEngine;

namespace Heedful
{
    /// <summary>Moves the leaf of a door as the entity's states say: open, it is out of the way.</summary>
    [AddComponentMenu("Heedful/Door Leaf")]
    [RequireComponent(typeof(SceneEntity))]
    public sealed class DoorLeaf : MonoBehaviour
    {
        [SerializeField, Tooltip("What is in the way while the door is closed.")]
        private GameObject leaf;

        private SceneEntity entity;

        /// <summary>What is in the way while the door is closed.</summary>
        public GameObject Leaf
        {
            get { return leaf; }
            set { leaf = value; }
        }

        private void OnEnable()
        {
            entity = GetComponent<SceneEntity>();
            entity.StatesChanged += Move;
            Move(entity, entity.States);
        }

        private void OnDisable()
        {
            entity.StatesChanged -= Move;
        }

        private void Move(SceneEntity door, EntityStates before)
        {
            if (leaf != null)
            {
                leaf.SetActive(!door.Is(EntityStates.Open));
            }
        }
    }
}
