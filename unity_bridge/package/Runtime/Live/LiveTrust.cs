using System;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Heedful
{
    /// <summary>Whether a server's certificate is taken, and in words why it is not.</summary>
    internal sealed class LiveTrust
    {
        private readonly string host;
        private readonly string fingerprint;

        /// <summary>Trusts what the settings say.</summary>
        public LiveTrust(LiveSettings settings)
        {
            host = settings.Host;
            fingerprint = Compact(settings.Fingerprint);
        }

        /// <summary>Why the last certificate was not taken; null when it was, or none came.</summary>
        public string Refusal { get; private set; }

        /// <summary>
        /// Judges a certificate. One whose fingerprint was given is taken whatever its name, its signer and its
        /// end; without a fingerprint it needs all three.
        /// </summary>
        public bool Check(object sender, X509Certificate certificate, X509Chain chain, SslPolicyErrors errors)
        {
            var why = fingerprint.Length > 0 ? CompareFingerprint(certificate) : Explain(certificate, errors);
            Refusal = why != null ? "the server's certificate is not trusted: " + why : null;
            return why == null;
        }

        private string CompareFingerprint(X509Certificate certificate)
        {
            var found = FingerprintOf(certificate);
            return string.Equals(found, fingerprint, StringComparison.OrdinalIgnoreCase) ? null
                : "its SHA-256 fingerprint is " + found + ", another one than the live link has; give it this one if "
                + "that server is yours";
        }

        private string Explain(X509Certificate certificate, SslPolicyErrors errors)
        {
            if (errors == SslPolicyErrors.None)
                return null;
            if (certificate == null)
                return "it has none; start the server with --tls-cert and --tls-key";
            var dates = new X509Certificate2(certificate);
            if (dates.NotAfter < DateTime.Now)
                return "it ended on " + Day(dates.NotAfter) + "; give the server a new one";
            if (dates.NotBefore > DateTime.Now)
                return "it begins on " + Day(dates.NotBefore) + "; set this machine's clock, or give the server another one";
            if ((errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0)
                return "nobody whom this machine trusts has signed it; give the live link its SHA-256 fingerprint, or "
                    + "the server one that this machine trusts";
            return "it is not for '" + host + "'; set the live link's Host to a name that stands in it";
        }

        private static string Day(DateTime time)
        {
            return time.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        }

        private static string FingerprintOf(X509Certificate certificate)
        {
            if (certificate == null)
                return "";
            using (var hash = SHA256.Create())
                return Compact(BitConverter.ToString(hash.ComputeHash(certificate.GetRawCertData())));
        }

        private static string Compact(string fingerprint)
        {
            return fingerprint.Replace("-", "").Replace(":", "").Replace(" ", "");
        }
    }
}
