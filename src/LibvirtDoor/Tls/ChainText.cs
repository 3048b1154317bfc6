using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Spindle.LibvirtDoor.Tls;

/// <summary>What is wrong with a certificate, in words.</summary>
internal static class ChainText
{
    /// <summary>In OpenSSL's words: <c>certificate has expired</c>.</summary>
    public static string Describe(X509Chain chain)
    {
        StringBuilder text = new();
        foreach (X509ChainStatus status in chain.ChainStatus)
        {
            text.Append(text.Length > 0 ? ", " : "").Append(Describe(status));
        }

        return text.Length > 0 ? text.ToString() : "it cannot be verified";
    }

    // The runtime calls a wrong purpose "invalid policy".
    private static string Describe(X509ChainStatus status) => status.Status == X509ChainStatusFlags.NotValidForUsage
        ? "unsuitable certificate purpose"
        : status.StatusInformation.TrimEnd('.');
}
