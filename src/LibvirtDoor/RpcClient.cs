using System;
using System.Globalization;
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
    private const string Unanswered = "the question whether it may come in was not answered in time";

    private readonly RpcDoor door;
    private readonly RpcInbox inbox;
    private RpcChannel? channel;
    private RpcOutbox outbox;
    private TimerSource? deadline;
    private Instant authenticateBy;
    private KeepAliveTimer? keepAlive;
    private bool isEnding;
    private volatile bool isClosed;
    private volatile object? state;

    internal RpcClient(RpcService service, ulong id, RpcIdentity? identity, string? address)
    {
        Service = service;
        door = service.Server.Door;
        inbox = new RpcInbox(this);
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

    /// <summary>Where it came from, as <c>192.0.2.1:40000</c> or <c>[2001:db8::1]:40000</c>; null by a unix socket.</summary>
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
    public int UnsentOctets => outbox.Count;

    /// <summary>Octets of messages that have not come whole, or wait for earlier ones.</summary>
    public int UnreadOctets => inbox.Count;

    /// <summary>Octets of the memory for what is large that are used for it.</summary>
    internal int LargeOctets { get; set; }

    /// <summary>When something was heard of it last.</summary>
    internal Instant HeardAt { get; set; }

    /// <summary>True: nothing it says is heard any more, and it is disconnected when the last answer is out.</summary>
    internal bool IsEnding => isEnding;

    /// <summary>True: a call of it may be worked on now.</summary>
    internal bool MayCall => Requests < Server.Limits.Requests && outbox.Count <= RpcLimits.UnsentMark;

    /// <summary>True: the next turn goes on with what it has said.</summary>
    internal bool IsInterrupted { get; set; }

    /// <summary>True: somebody is being asked whether it may come in.</summary>
    internal bool IsBeingAuthorized { get; private set; }

    private bool IsSent => outbox.Count == 0 && channel!.IsFlushed;

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
        deadline = null;
        keepAlive?.Dispose();
        inbox.End();
        door.Large.Give(this, outbox.LargeSize);
        outbox.Clear();
        Server.Left(this);
    }

    /// <summary>The SELinux context of who came by a unix socket, as it was then; null: the kernel has no SELinux.</summary>
    internal string? ReadSecurityContext() =>
        Identity is not null && !isClosed && door.Kernel.Status("/sys/fs/selinux/enforce", out _).IsOk ? channel!.ReadPeerLabel() : null;

    /// <summary>The number and the listener.</summary>
    public override string ToString() => $"{Server.Name} client {Id}";

    /// <summary>It has come, and may do as it likes; or has so much time until it may.</summary>
    internal void Admit(bool isAuthenticated)
    {
        HeardAt = door.Loop.Now;
        IsAuthenticated = isAuthenticated;
        if (isAuthenticated)
        {
            Server.CountKnown();
        }
        else
        {
            TimeSpan time = Server.Limits.AuthenticationTime;
            authenticateBy = HeardAt + time;
            deadline = door.Loop.AddTimer(
                (_, _) => Reject(IsBeingAuthorized ? Unanswered : $"it was not authenticated within {Seconds(time)} seconds"),
                name: "rpc: authentication");
            deadline.ArmAt(authenticateBy);
        }
    }

    /// <summary>Talks by this channel from now on.</summary>
    internal void Open(RpcChannel opened)
    {
        channel = opened;
        opened.Start();
    }

    /// <summary>It may come in, if there is still a place: else it is disconnected.</summary>
    internal void Authenticate()
    {
        if (isClosed || IsAuthenticated)
        {
            return;
        }

        if (Server.KnownClients >= Server.Limits.Clients)
        {
            Reject("no place is left");
            return;
        }

        IsAuthenticated = true;
        deadline?.Remove();
        deadline = null;
        Server.CountKnown();
        Service.LeaveAnonymous(this);
    }

    /// <summary>Disconnects it because it may not come in, and says why.</summary>
    internal void Reject(string reason)
    {
        if (!isClosed)
        {
            door.TellRefusal(this, reason);
            Close();
        }
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

        if (reads && !isEnding)
        {
            inbox.Read(channel!);
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
            if (call.IsCounted)
            {
                outbox.CountAnswer();
            }
        }

        door.GiveBack(call);
        Advance();
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
        if (isClosed || inbox.IsProcessing)
        {
            return;
        }

        Flush();
        if (!isClosed && inbox.IsThrottled && !isEnding && MayCall)
        {
            inbox.Process();
            Flush();
            if (inbox.IsThrottled && MayCall)
            {
                door.GoOnLater(this);
            }
        }

        if (isClosed)
        {
            return;
        }

        if (inbox.IsEnded && !IsInterrupted && Requests == 0 && IsSent)
        {
            Close();
            return;
        }

        bool reads = !isEnding && inbox.WantsMore && outbox.Count <= RpcLimits.UnsentMark;
        if (!channel!.TryWatch(reads, writes: !IsSent))
        {
            Close();
        }
    }

    /// <summary>Puts a message behind those that wait to be sent.</summary>
    internal void Queue(ReadOnlySpan<byte> message)
    {
        if (isClosed)
        {
            return;
        }

        int growth = outbox.LargeGrowthOf(message.Length);
        if (outbox.HasRoomFor(message.Length) && (growth <= 0 || door.Large.TryTake(this, growth)))
        {
            outbox.Append(message);
        }
        else
        {
            Close();
        }
    }

    /// <summary>A new turn has begun for it.</summary>
    internal void GoOn()
    {
        IsInterrupted = false;
        if (!isClosed)
        {
            inbox.Process();
            Advance();
        }
    }

    /// <summary>Sends what waits.</summary>
    internal void Flush()
    {
        if (isClosed)
        {
            return;
        }

        int large = outbox.LargeSize;
        bool isSound = outbox.TryFlush(channel!);
        door.Large.Give(this, large - outbox.LargeSize);
        if (!isSound)
        {
            Close();
            return;
        }

        if (!IsSent)
        {
            return;
        }

        Requests -= outbox.TakeAnswers();
        if (isEnding)
        {
            Close();
        }
    }

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
