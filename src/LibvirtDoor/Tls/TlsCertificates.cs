using System;
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Runtime.InteropServices;
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

    private readonly bool testsOwn;

    private TlsCertificates(
        Kernel kernel, string certificatePath, string keyPath, string authorityPath, bool verifiesClients, bool testsOwn)
    {
        this.kernel = kernel;
        this.certificatePath = certificatePath;
        this.keyPath = keyPath;
        this.authorityPath = authorityPath;
        this.testsOwn = testsOwn;
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
    /// <param name="testsOwn">False: our certificate will do even if no client that believes the authority can take it
    /// (<c>tls_no_sanity_certificate</c>).</param>
    /// <param name="certificates">What was read.</param>
    /// <param name="complaint">Why nothing was, in a line.</param>
    public static bool TryLoad(
        Kernel kernel, string certificatePath, string keyPath, string authorityPath, bool verifiesClients, bool testsOwn,
        [NotNullWhen(true)] out TlsCertificates? certificates, [NotNullWhen(false)] out string? complaint)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        certificates = new TlsCertificates(kernel, certificatePath, keyPath, authorityPath, verifiesClients, testsOwn);
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
        char[] key = [];
        try
        {
            if (!TryRead(certificatePath, out char[] certificate, out complaint)
                || !TryRead(keyPath, out key, out complaint)
                || !TryRead(authorityPath, out char[] authority, out complaint)
                || !TryMake(certificate, key, authority, out SslServerAuthenticationOptions? made, out complaint))
            {
                return false;
            }

            Options = made;
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            complaint = $"{certificatePath}, {keyPath}, {authorityPath}: {exception.Message}";
            return false;
        }
        finally
        {
            Clear(key);
        }
    }

    private static X509Certificate2 Load(ReadOnlySpan<char> certificate, ReadOnlySpan<char> key)
    {
        using X509Certificate2 bare = X509Certificate2.CreateFromPem(certificate);
        using ECDsa? curve = bare.GetECDsaPublicKey();
        char[]? mended = curve is null ? null : EcPrivateKey.Mend(key, (curve.KeySize + 7) / 8);
        try
        {
            return X509Certificate2.CreateFromPem(certificate, mended ?? key);
        }
        finally
        {
            Clear(mended);
        }
    }

    private static void Clear(char[]? secret) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(secret.AsSpan()));

    private bool TryMake(
        ReadOnlySpan<char> certificate, ReadOnlySpan<char> key, ReadOnlySpan<char> authority,
        [NotNullWhen(true)] out SslServerAuthenticationOptions? options, [NotNullWhen(false)] out string? complaint)
    {
        X509Certificate2 own = Load(certificate, key);
        X509Certificate2Collection between = [];
        between.ImportFromPem(certificate);
        between.RemoveAt(0);
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

        complaint = testsOwn ? Examine(own, between, policy) : null;
        options = complaint is null ? Make(own, between, policy) : null;
        return complaint is null;
    }

    /// <summary>Why nobody who believes the authority could take our certificate; null: they can.</summary>
    private string? Examine(X509Certificate2 own, X509Certificate2Collection between, X509ChainPolicy policy)
    {
        using X509Chain chain = new() { ChainPolicy = policy.Clone() };
        chain.ChainPolicy.ExtraStore.AddRange(between);
        return chain.Build(own) ? null
            : $"Our own certificate {certificatePath} failed validation against {authorityPath}: {ChainText.Describe(chain)}";
    }

    private SslServerAuthenticationOptions Make(X509Certificate2 own, X509Certificate2Collection between, X509ChainPolicy policy) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(own, between, offline: true),
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

    private bool TryRead(string path, out char[] text, [NotNullWhen(false)] out string? complaint)
    {
        byte[] octets = new byte[SizeMax];
        Result read = kernel.ReadFile(path, octets);
        text = Encoding.ASCII.GetChars(octets, 0, read.Int);
        CryptographicOperations.ZeroMemory(octets);
        complaint = read.IsOk ? null : $"{path}: {read.Error.Describe()}";
        return read.IsOk;
    }
}
