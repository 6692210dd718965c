using System;
using System.Text;
using Unity.MLAgents.SideChannels;

namespace Heedful
{
    /// <summary>One of our side channels: UTF-8 JSON both ways.</summary>
    internal sealed class HeedfulChannel : SideChannel
    {
        private readonly Action<string, string> received;

        public HeedfulChannel(string name, string id, Action<string, string> received)
        {
            Name = name;
            ChannelId = new Guid(id);
            this.received = received;
        }

        public string Name { get; }

        public void Send(string json)
        {
            using (var message = new OutgoingMessage())
            {
                message.SetRawBytes(Encoding.UTF8.GetBytes(json));
                QueueMessageToSend(message);
            }
        }

        protected override void OnMessageReceived(IncomingMessage message)
        {
            received(Name, Encoding.UTF8.GetString(message.GetRawBytes()));
        }
    }
}
