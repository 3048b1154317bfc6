using System;
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Spindle.Kernels;

namespace Spindle.LibvirtDoor.Tls;

/// <summary>Who we are to a client by TLS, and whose word we take for who it is. Nothing is ever downloaded for that.</summary>
public sealed class TlsCertificates
{
    private const int SizeMax = 1024 * 1024;

    private readonly Kernel kernel;
    private readonly string certificatePath;
    private readonly string keyPath;
    private readonly string authorityPath;

    private TlsCertificates(Kernel kernel, string certificatePath, string keyPath, string authorityPath, bool verifiesClients)
    {
        this.kernel = kernel;
        this.certificatePath = certificatePath;
        this.keyPath = keyPath;
        this.authorityPath = authorityPath;
        VerifiesClients = verifiesClients;
    }

    /// <summary>False: whoever comes may come in, certificate or not.</summary>
    internal bool VerifiesClients { get; }

    /// <summary>What every handshake from now on goes by.</summary>
    internal SslServerAuthenticationOptions Options { get; private set; } = null!;

    /// <summary>Reads certificates and keys.</summary>
    /// <param name="kernel">Reads the files.</param>
    /// <param name="certificatePath">Our certificate, and those between it and the authority, PEM (<c>cert_file</c>).</param>
    /// <param name="keyPath">Its key, PEM (<c>key_file</c>).</param>
    /// <param name="authorityPath">Those who sign clients' certificates, PEM (<c>ca_file</c>).</param>
    /// <param name="verifiesClients">False: whoever comes may come in, certificate or not (<c>tls_no_verify_certificate</c>).</param>
    /// <param name="certificates">What was read.</param>
    /// <param name="complaint">Why nothing was, in a line.</param>
    public static bool TryLoad(
        Kernel kernel, string certificatePath, string keyPath, string authorityPath, bool verifiesClients,
        [NotNullWhen(true)] out TlsCertificates? certificates, [NotNullWhen(false)] out string? complaint)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        certificates = new TlsCertificates(kernel, certificatePath, keyPath, authorityPath, verifiesClients);
        if (certificates.TryReload(out complaint))
        {
            return true;
        }

        certificates = null;
        return false;
    }

    /// <summary>Reads them again, for handshakes from then on; on failure all stays as it was.</summary>
    public bool TryReload([NotNullWhen(false)] out string? complaint)
    {
        if (!TryRead(certificatePath, out string certificate, out complaint)
            || !TryRead(keyPath, out string key, out complaint)
            || !TryRead(authorityPath, out string authority, out complaint))
        {
            return false;
        }

        try
        {
            Options = Make(certificate, key, authority);
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            complaint = $"{certificatePath}, {keyPath}, {authorityPath}: {exception.Message}";
            return false;
        }
    }

    private SslServerAuthenticationOptions Make(string certificate, string key, string authority)
    {
        X509Certificate2 own = X509Certificate2.CreateFromPem(certificate, key);
        X509Certificate2Collection chain = [];
        chain.ImportFromPem(certificate);
        chain.RemoveAt(0);
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.ImportFromPem(authority);
        if (policy.CustomTrustStore.Count == 0)
        {
            throw new CryptographicException("there is no certificate of an authority.");
        }

        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(own, chain, offline: true),
            ClientCertificateRequired = VerifiesClients,
            CertificateChainPolicy = policy,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,

            // Not 1.3: OpenSSL sends session tickets in it, whatever AllowTlsResume says, and libvirt's client, which reads once
            // for the octet that says welcome, finds a ticket and gives up (9.0.0 with GnuTLS 3.7).
            EnabledSslProtocols = SslProtocols.Tls12,
            EncryptionPolicy = EncryptionPolicy.RequireEncryption,
            AllowRenegotiation = false,

            // Sessions kept for who comes again would be memory that nobody counts.
            AllowTlsResume = false,
        };
    }

    private bool TryRead(string path, out string text, [NotNullWhen(false)] out string? complaint)
    {
        text = "";
        complaint = null;
        byte[] octets = new byte[SizeMax];
        Result read = kernel.ReadFile(path, octets);
        text = Encoding.ASCII.GetString(octets, 0, read.Int);
        CryptographicOperations.ZeroMemory(octets);
        complaint = read.IsOk ? null : $"{path}: {read.Error}";
        return read.IsOk;
    }
}
