namespace Heedful
{
    /// <summary>Where a live link's server is and how to speak to it.</summary>
    internal sealed class LiveSettings
    {
        /// <summary>Name or address of the server's machine.</summary>
        public string Host = "127.0.0.1";

        /// <summary>Where the server listens.</summary>
        public int Port = 5005;

        /// <summary>Whether the connection is encrypted; servers on other machines ask for it.</summary>
        public bool UseTls;

        /// <summary>SHA-256 of the server's certificate, hexadecimal; empty: one that this machine trusts.</summary>
        public string Fingerprint = "";

        /// <summary>What the server asks for; empty for none.</summary>
        public string Token = "";

        /// <summary>Name of this game in the server's logs.</summary>
        public string World = "";

        /// <summary>Who speaks.</summary>
        public string Package = "com.heedful.npc 0.1.0";
    }
}
