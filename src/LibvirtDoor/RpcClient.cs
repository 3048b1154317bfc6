using System;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor;

/// <summary>A client of a <see cref="RpcServer"/>: its messages in and out, its calls in flight, and who it is.</summary>
/// <remarks>
/// Belongs to the loop's thread, but for what never changes (<see cref="Id"/>, <see cref="Identity"/>,
/// <see cref="IsReadOnly"/> …), for <see cref="State"/> and for <see cref="IsClosed"/>, which a worker may look at.
/// </remarks>
public sealed class RpcClient
{
    // Below this what has come of a message is copied in front of the rest of it; above, the rest is read behind it.
    private const int SmallRemainder = 16 * 1024;

    private readonly RpcDoor door;
    private RpcChannel? channel;
    private OctetQueue input;
    private OctetQueue output;
    private TimerSource? deadline;
    private Instant authenticateBy;
    private KeepAliveTimer? keepAlive;
    private int unsentAnswers;
    private int scanned;
    private bool isProcessing;
    private bool isThrottled;
    private bool isReadEnded;
    private bool isEnding;
    private volatile bool isClosed;
    private volatile object? state;

    internal RpcClient(RpcService service, ulong id, RpcIdentity? identity, string? address)
    {
        Service = service;
        door = service.Server.Door;
        Id = id;
        Identity = identity;
        Address = address;
        ConnectedAtSeconds = door.Kernel.Now(ClockId.Realtime).Nanoseconds / 1_000_000_000;
    }

    /// <summary>Its number, counted from 1 by its server.</summary>
    public ulong Id { get; }

    /// <summary>The server that it is a client of.</summary>
    public RpcServer Server => Service.Server;

    /// <summary>The listener that it came by.</summary>
    public RpcService Service { get; }

    /// <summary>Who it is; null unless it came by a unix socket.</summary>
    public RpcIdentity? Identity { get; }

    /// <summary>The name in its certificate, once that is verified; null without TLS.</summary>
    public string? CertificateName { get; internal set; }

    /// <summary>Where it came from, as <c>address;port</c>; null by a unix socket.</summary>
    public string? Address { get; }

    /// <summary>When it connected, in seconds since 1970.</summary>
    public long ConnectedAtSeconds { get; }

    /// <summary>True: it came by a listener for those who may only look.</summary>
    public bool IsReadOnly => Service.Options.IsReadOnly;

    /// <summary>True: it may call what is not for everybody.</summary>
    public bool IsAuthenticated { get; private set; }

    /// <summary>True: it is disconnected. Any thread.</summary>
    public bool IsClosed => isClosed;

    /// <summary>What the programs know of it. Any thread; what is in it must then be for any thread too.</summary>
    public object? State
    {
        get => state;
        set => state = value;
    }

    /// <summary>Calls in flight.</summary>
    public int Requests { get; private set; }

    /// <summary>Octets that wait until the client takes them.</summary>
    public int UnsentOctets => output.Count;

    /// <summary>Octets of messages that have not come whole, or wait for earlier ones.</summary>
    public int UnreadOctets => input.Count;

    /// <summary>When something was heard of it last.</summary>
    internal Instant HeardAt { get; private set; }

    /// <summary>True: somebody is being asked whether it may come in.</summary>
    internal bool IsBeingAuthorized { get; private set; }

    /// <summary>Sends a message that is not an answer, whole; the client is disconnected if it takes too few of them.</summary>
    /// <returns>False: it is disconnected.</returns>
    public bool Send(ReadOnlySpan<byte> message)
    {
        if (isClosed || isEnding)
        {
            return false;
        }

        Queue(message);
        Advance();
        return !isClosed;
    }

    /// <summary>From now on it is pinged when it is silent, as the server's limits say.</summary>
    public void StartKeepAlive()
    {
        if (!isClosed && keepAlive is null && Server.Limits.KeepAliveInterval > TimeSpan.Zero)
        {
            keepAlive = new KeepAliveTimer(this, Server.Limits.KeepAliveInterval, Server.Limits.KeepAliveCount);
        }
    }

    /// <summary>Disconnects it now: what it has in flight is lost.</summary>
    public void Close()
    {
        if (isClosed)
        {
            return;
        }

        isClosed = true;
        channel?.Close();
        deadline?.Remove();
        keepAlive?.Dispose();
        if (!isProcessing)
        {
            ClearInput();
        }

        output.Clear();
        Server.Left(this);
    }

    /// <summary>The number and the listener.</summary>
    public override string ToString() => $"{Server.Name} client {Id}";

    /// <summary>It has come, and may do as it likes; or has so much time until it may.</summary>
    internal void Admit(bool isAuthenticated)
    {
        HeardAt = door.Loop.Now;
        IsAuthenticated = isAuthenticated;
        if (!isAuthenticated)
        {
            authenticateBy = HeardAt + Server.Limits.AuthenticationTime;
            deadline = door.Loop.AddTimer((_, _) => Close(), name: "rpc: authentication");
            deadline.ArmAt(authenticateBy);
        }
    }

    /// <summary>Talks by this channel from now on.</summary>
    internal void Open(RpcChannel opened) => channel = opened;

    /// <summary>It may come in.</summary>
    internal void Authenticate()
    {
        if (isClosed || IsAuthenticated)
        {
            return;
        }

        IsAuthenticated = true;
        deadline?.Remove();
        deadline = null;
        Service.LeaveAnonymous();
    }

    /// <summary>Somebody is being asked whether it may come in, which may take longer; or no more.</summary>
    internal void SetAuthorizing(bool isOpen)
    {
        IsBeingAuthorized = isOpen;
        deadline?.ArmAt(isOpen ? door.Loop.Now + RpcLimits.AuthorizationMaximum : authenticateBy);
    }

    /// <summary>A call of it is in flight.</summary>
    internal void CountRequest() => Requests++;

    /// <summary>The channel can be read, written, or is broken.</summary>
    internal void Ready(bool reads, bool isGone)
    {
        if (isClosed)
        {
            return;
        }

        if (isGone)
        {
            // Both directions are over: nobody is there to read an answer.
            Close();
            return;
        }

        if (reads)
        {
            Read();
        }

        Advance();
    }

    /// <summary>A call has its answer.</summary>
    internal void Finish(RpcCall call)
    {
        if (!isClosed && !isEnding)
        {
            isEnding = call.ClosesClient;
            Queue(call.Result.Written);
            unsentAnswers += call.IsCounted ? 1 : 0;
        }

        door.GiveBack(call);
        if (!isProcessing)
        {
            Advance();
        }
    }

    /// <summary>Refuses a call that has no procedure.</summary>
    internal void Refuse(in RpcHeader header, RpcError error)
    {
        XdrWriter writer = Server.Scratch;
        writer.Reset();
        RpcFrame.WriteError(writer, header, error);
        Queue(writer.Written);
    }

    /// <summary>Sends what waits, works off what has come, and says what is waited for.</summary>
    private void Advance()
    {
        if (isClosed || isProcessing)
        {
            return;
        }

        Flush();
        while (!isClosed && isThrottled && !isEnding && MayCall)
        {
            ProcessInput();
            Flush();
        }

        if (isClosed)
        {
            return;
        }

        if (isReadEnded && Requests == 0 && output.Count == 0)
        {
            Close();
            return;
        }

        bool isFull = isThrottled && input.Count >= RpcLimits.ReadAheadMaximum;
        channel!.Watch(!isReadEnded && !isEnding && !isFull && output.Count <= RpcLimits.UnsentMark, output.Count > 0);
    }

    private bool MayCall => Requests < Server.Limits.Requests && output.Count <= RpcLimits.UnsentMark;

    private int MessageMaximum => IsAuthenticated ? RpcFrame.MaximumLength : RpcLimits.AnonymousMessageMaximum;

    private void Read()
    {
        if (isReadEnded || isEnding)
        {
            return;
        }

        if (input.Count > SmallRemainder)
        {
            ReadBehind();
        }
        else
        {
            ReadAfresh();
        }
    }

    /// <summary>Reads into the buffer of all, what was left in front.</summary>
    private void ReadAfresh()
    {
        byte[] buffer = door.ReceiveBuffer;
        int kept = input.Count;
        input.Octets.CopyTo(buffer);
        Result received = channel!.Receive(buffer.AsSpan(kept));
        if (!Accept(received))
        {
            return;
        }

        ClearInput();
        int length = kept + received.Int;
        int consumed = Process(buffer, 0, length);
        if (!isClosed && !isEnding)
        {
            input.Append(buffer.AsSpan(consumed, length - consumed));
        }
    }

    /// <summary>Reads behind what there is of a long message, or of many.</summary>
    private void ReadBehind()
    {
        int wanted = isThrottled ? RpcLimits.ReadAheadMaximum - input.Count : MissingOctets();
        if (wanted <= 0)
        {
            return;
        }

        int growth = input.LargeSizeAfter(1, wanted) - input.LargeSize;
        if (growth > 0 && !door.TryTakeLarge(growth))
        {
            Close();
            return;
        }

        Span<byte> room = input.Reserve(1, wanted);
        Result received = channel!.Receive(room[..Math.Min(room.Length, wanted)]);
        if (Accept(received))
        {
            input.Fill(received.Int);
            ProcessInput();
        }
    }

    private int MissingOctets()
    {
        // Never as many as the length promises: twice what has come at most.
        return RpcFrame.TryReadLength(input.Octets, out int length)
            ? Math.Max(length - input.Count, RpcFrame.MinimumLength)
            : RpcLimits.ReadAheadMaximum;
    }

    /// <summary>False: nothing has come.</summary>
    private bool Accept(Result received)
    {
        if (received.IsOk && received.Int > 0)
        {
            HeardAt = door.Loop.Now;
            return true;
        }

        if (received.IsOk)
        {
            isReadEnded = true;
        }
        else if (!received.Is(Errno.EAGAIN))
        {
            Close();
        }

        return false;
    }

    private void ProcessInput()
    {
        int start = input.Start;
        int large = input.LargeSize;
        int consumed = Process(input.Array, start, start + input.Count) - start;
        if (isClosed)
        {
            ClearInput();
            return;
        }

        input.Consume(consumed);
        door.GiveLarge(large - input.LargeSize);
    }

    /// <summary>Works off the messages in these octets, as far as they are whole and the client may call.</summary>
    /// <returns>Where the first one begins that is left.</returns>
    private int Process(byte[] octets, int start, int end)
    {
        isProcessing = true;
        isThrottled = false;
        while (!isClosed && !isEnding && TryTakeMessage(octets, start, end, out RpcHeader header, out int total))
        {
            KeepAliveMessage ping = KeepAlive.Classify(header);
            if (ping == KeepAliveMessage.None && !MayCall)
            {
                Flush();
                if (isClosed || !MayCall)
                {
                    isThrottled = !isClosed;
                    ScanAhead(octets, start, end);
                    break;
                }
            }

            bool isScanned = scanned >= total;
            scanned = Math.Max(0, scanned - total);
            if (ping != KeepAliveMessage.None)
            {
                Answer(isScanned ? KeepAliveMessage.Other : ping);
            }
            else
            {
                int payload = start + RpcFrame.MinimumLength + (header.Type == RpcMessageType.CallWithDescriptors ? sizeof(uint) : 0);
                Server.Dispatch(this, header, octets, payload, start + LengthAt(octets, start) - payload);
            }

            start += total;
        }

        isProcessing = false;
        return start;
    }

    /// <summary>The client may not call at present: pings among what it has sent are answered all the same.</summary>
    private void ScanAhead(byte[] octets, int start, int end)
    {
        while (!isClosed && TryTakeMessage(octets, start + scanned, end, out RpcHeader header, out int total))
        {
            Answer(KeepAlive.Classify(header));
            scanned += total;
        }
    }

    /// <summary>Looks at the next message.</summary>
    /// <returns>False: it has not come whole; or it can be none, and the client is disconnected.</returns>
    private bool TryTakeMessage(byte[] octets, int start, int end, out RpcHeader header, out int total)
    {
        header = default;
        total = 0;
        if (end - start < RpcFrame.LengthSize)
        {
            return false;
        }

        if (!RpcFrame.TryReadLength(octets.AsSpan(start), out int length) || length > MessageMaximum)
        {
            Close();
            return false;
        }

        total = length;
        if (end - start < length)
        {
            return false;
        }

        RpcHeader.TryParse(octets.AsSpan(start + RpcFrame.LengthSize), out header);
        if (header.Type != RpcMessageType.CallWithDescriptors)
        {
            return true;
        }

        // Descriptors come with an octet each behind the message. We take none: the kernel closes them.
        XdrReader payload = new(octets.AsSpan(start + RpcFrame.MinimumLength, length - RpcFrame.MinimumLength));
        if (!payload.TryReadUInt32(out uint descriptors) || descriptors > RpcFrame.DescriptorsMaximum)
        {
            Close();
            return false;
        }

        total += (int)descriptors;
        return end - start >= total;
    }

    private static int LengthAt(byte[] octets, int start)
    {
        RpcFrame.TryReadLength(octets.AsSpan(start), out int length);
        return length;
    }

    private void Answer(KeepAliveMessage message)
    {
        if (message == KeepAliveMessage.Ping)
        {
            Queue(KeepAlive.Pong);
        }
    }

    private void Queue(ReadOnlySpan<byte> message)
    {
        if (isClosed)
        {
            return;
        }

        if (message.Length > RpcLimits.UnsentMaximum - output.Count)
        {
            Close();
            return;
        }

        output.Append(message);
    }

    private void Flush()
    {
        while (!isClosed && output.Count > 0)
        {
            Result sent = channel!.Send(output.Octets);
            if (sent.IsOk)
            {
                output.Consume(sent.Int);
            }
            else
            {
                if (!sent.Is(Errno.EAGAIN))
                {
                    Close();
                }

                return;
            }
        }

        Requests -= unsentAnswers;
        unsentAnswers = 0;
        if (isEnding)
        {
            Close();
        }
    }

    private void ClearInput()
    {
        door.GiveLarge(input.LargeSize);
        input.Clear();
    }
}
