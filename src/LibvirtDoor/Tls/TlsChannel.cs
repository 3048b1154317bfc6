using System;
using System.Buffers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Spindle.Kernels;

namespace Spindle.LibvirtDoor.Tls;

/// <summary>TLS over a socket. After the handshake, with a verified certificate, the one octet that libvirt's clients wait for
/// goes out, and then the client may talk; whoever fails is disconnected without a word.</summary>
/// <remarks>A client that is silent holds no buffer: what has come is waited for by a read of no octets.</remarks>
internal sealed class TlsChannel : RpcChannel
{
    private const int ChunkSize = 16 * 1024; // a TLS record's most

    // Others have their turn too, however fast a client is.
    private const int ChunksPerTurn = 4;

    private static readonly byte[] Welcome = [1];

    private readonly RpcClient client;
    private readonly TlsListenerOptions listener;
    private readonly SslStream stream;
    private string? refusal;
    private byte[]? plain;
    private int plainStart;
    private int plainEnd;
    private byte[]? sending;
    private bool isSendingLate;
    private bool isOpen;
    private bool isClosed;
    private bool isReading;
    private bool isPumping;
    private bool isEnded;
    private bool isBroken;
    private bool wantsReads = true;

    public TlsChannel(LoopStream socket, RpcClient client, TlsListenerOptions listener)
    {
        this.client = client;
        this.listener = listener;
        stream = listener.Certificates.VerifiesClients
            ? new SslStream(socket, leaveInnerStreamOpen: false, Judge)
            : new SslStream(socket, leaveInnerStreamOpen: false);
    }

    public override bool IsFlushed => sending is null;

    // The handshake, welcome and all, goes on by itself whenever the loop brings octets.
    public override void Start() => _ = OpenAsync();

    public override Result Receive(Span<byte> destination)
    {
        if (plain is null)
        {
            return isBroken ? Result.Fail(Errno.ECONNRESET) : isEnded ? Result.Ok() : Result.Fail(Errno.EAGAIN);
        }

        int count = Math.Min(destination.Length, plainEnd - plainStart);
        plain.AsSpan(plainStart, count).CopyTo(destination);
        plainStart += count;
        if (plainStart == plainEnd)
        {
            ReturnPlain();
        }

        return Result.Ok(count);
    }

    public override Result Send(ReadOnlySpan<byte> source)
    {
        if (isBroken)
        {
            return Result.Fail(Errno.EPIPE);
        }

        if (sending is not null || !isOpen)
        {
            return Result.Fail(Errno.EAGAIN);
        }

        int count = Math.Min(source.Length, ChunkSize);
        sending = ArrayPool<byte>.Shared.Rent(count);
        source[..count].CopyTo(sending);
        isSendingLate = !SendAsync(sending.AsMemory(0, count)).IsCompleted;
        return Result.Ok(count);
    }

    // What the kernel does not watch is a broken connection to the stream.
    public override bool TryWatch(bool reads, bool writes)
    {
        wantsReads = reads;
        Pump();
        return true;
    }

    public override void Close()
    {
        isClosed = true;
        stream.Dispose();
        ReturnPlain();
    }

    private async Task OpenAsync()
    {
        try
        {
            await stream.AuthenticateAsServerAsync(listener.Certificates.Options).ConfigureAwait(false);
            client.CertificateName = stream.RemoteCertificate is X509Certificate2 certificate
                ? DistinguishedName.Describe(certificate.SubjectName)
                : null;
            if (!listener.Admits(client.CertificateName))
            {
                client.Reject($"the name in its certificate is not in tls_allowed_dn_list: {client.CertificateName}");
                return;
            }

            await stream.WriteAsync(Welcome).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Of whatever kind: the handshake is the peer's word against ours.
            client.Reject(refusal ?? Describe(exception));
            return;
        }

        isOpen = true;
        if (listener.Authentication == RpcAuthentication.None)
        {
            client.Authenticate();
        }

        Pump();
        Tell();
    }

    // Decides as the stream would by itself, and keeps the reason.
    private bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        refusal = errors == SslPolicyErrors.None ? null
            : certificate is null || chain is null ? "it has shown no certificate"
            : $"its certificate is not valid: {ChainText.Describe(chain)}";
        return refusal is null;
    }

    private static string Describe(Exception exception)
    {
        Exception cause = exception;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        // OpenSSL's: "error:0A00010B:SSL routines::wrong version number".
        string text = cause.Message.TrimEnd('.');
        bool isOfOpenSsl = text.StartsWith("error:", StringComparison.Ordinal);
        return $"the TLS handshake failed: {(isOfOpenSsl ? text[(text.LastIndexOf(':') + 1)..] : text)}";
    }

    private async Task SendAsync(ReadOnlyMemory<byte> octets)
    {
        try
        {
            await stream.WriteAsync(octets).ConfigureAwait(false);
        }
        catch (Exception)
        {
            isBroken = true;
        }

        ArrayPool<byte>.Shared.Return(sending!);
        bool isLate = isSendingLate;
        isSendingLate = false;
        sending = null;
        if (isLate)
        {
            Tell();
        }
    }

    /// <summary>Hands what has come to the client, as long as it wants more and there is some.</summary>
    private void Pump()
    {
        if (isPumping || !isOpen)
        {
            return;
        }

        isPumping = true;
        bool isMoving = true;
        int handed = 0;
        while (isMoving && !isClosed && wantsReads && !isReading)
        {
            if (plain is null && !isEnded && !isBroken)
            {
                _ = FillAsync();
                continue;
            }

            if (handed++ == ChunksPerTurn)
            {
                client.Server.Door.GoOnLater(client);
                break;
            }

            int before = plainEnd - plainStart;
            client.Ready(reads: true, isGone: false);
            isMoving = plain is null || plainEnd - plainStart < before;
        }

        isPumping = false;
    }

    private async Task FillAsync()
    {
        isReading = true;
        try
        {
            await stream.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
            plain = ArrayPool<byte>.Shared.Rent(ChunkSize);
            plainStart = 0;
            plainEnd = await stream.ReadAsync(plain).ConfigureAwait(false);
        }
        catch (Exception)
        {
            isBroken = true;
            plainEnd = 0;
        }

        isReading = false;
        isEnded = plainEnd == 0;
        if (isEnded || isClosed)
        {
            ReturnPlain();
        }

        // Nothing where it was there at once: the pump is running then.
        Pump();
    }

    private void Tell()
    {
        if (!isClosed)
        {
            client.Ready(reads: false, isGone: false);
        }
    }

    private void ReturnPlain()
    {
        if (plain is not null && !isReading)
        {
            ArrayPool<byte>.Shared.Return(plain);
            plain = null;
            plainStart = 0;
            plainEnd = 0;
        }
    }
}
