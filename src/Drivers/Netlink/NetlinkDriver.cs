using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Drivers.Netlink;

/// <summary>Follows the kernel's links, addresses, routes and rules, and changes them.</summary>
/// <remarks>
/// Two sockets. Notifications come on one of their own, so that a storm of them cannot make the kernel lose the
/// answer to a request, nor an answer wait behind ten thousand route changes; and dumps do not take the room that
/// notifications need. Before an answer is told, notifications are read: the kernel sends them first, so that who is told
/// "done" finds it in the mirror, unless a storm is on.
/// </remarks>
public sealed class NetlinkDriver : IDisposable
{
    /// <summary>
    /// Receive buffer of the notification socket. The kernel doubles it and charges some 800 octets for a route and
    /// up to 4 KiB for a link: room for about 20,000 routes or 4,000 links while the loop is busy elsewhere.
    /// It costs nothing while the queue is empty.
    /// </summary>
    public const int NotificationBufferOctets = 8 << 20;

    /// <summary>Receive buffer of the request socket: 64 answers and two parts of a dump, with room to spare.</summary>
    public const int ReplyBufferOctets = 512 << 10;

    /// <summary>Messages read in one turn of the loop, about half a millisecond; then others have their turn.</summary>
    private const int NotificationsPerTurn = 256;

    /// <summary>Parts of a dump read in one turn: some 32 KiB each, 400 routes.</summary>
    private const int RepliesPerTurn = 8;

    /// <summary>The kernel makes no part of a dump larger than this unless a single object is.</summary>
    private const int BufferSize = 32 << 10;
    private const int BufferSizeMax = 1 << 20;
    private const int MessageTruncate = 0x20;

    private static readonly TimeSpan ResendDelayMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ResendDelayMax = TimeSpan.FromMilliseconds(640);

    /// <summary>For so long a request waits for memory; then it has failed, before the conversation gives it up.</summary>
    private static readonly TimeSpan ResendSpan = TimeSpan.FromSeconds(2);

    private readonly EventLoop loop;
    private readonly NetlinkListener listener;
    private readonly RtnetlinkConversation conversation = new();
    private readonly SocketAddress kernelAddress = SocketAddress.Netlink(0, 0);
    private readonly Queue<(NetlinkRequest Request, Action<NetlinkError>? Done)> deferred = new();
    private readonly Queue<(uint Sequence, Errno Error)> failed = new();
    private readonly Queue<(uint Sequence, byte[] Octets)> unsent = new(); // in order: what follows one that waits, waits too
    private byte[] buffer = new byte[BufferSize];
    private FdSource? notifications;
    private FdSource? replies;
    private TimerSource? timer;
    private TimerSource? resend;
    private readonly Backoff resendDelay = new(ResendDelayMin, ResendDelayMax);
    private Instant unsentSince;
    private Instant armedAt = Instant.Never;
    private bool isStepping;
    private bool isDisposed;

    /// <summary>A driver that is not started.</summary>
    public NetlinkDriver(EventLoop loop, NetlinkListener listener)
    {
        this.loop = loop;
        this.listener = listener;
    }

    /// <summary>What we know of the kernel's tables.</summary>
    public RtnetlinkMirror Mirror => conversation.Mirror;

    /// <summary>What has happened.</summary>
    public RtnetlinkCounters Counters => conversation.Counters;

    /// <summary>How well the mirror knows the kernel.</summary>
    public RtnetlinkState State => conversation.State;

    /// <summary>True if all is known and no dump runs or waits.</summary>
    public bool IsInStep => conversation.IsInStep;

    /// <summary>True while something that was asked is not answered.</summary>
    public bool IsBusy => deferred.Count > 0 || unsent.Count > 0 || !conversation.Deadline.IsNever;

    /// <summary>Messages that did not come from the kernel. Not believed.</summary>
    public ulong ForeignMessages { get; private set; }

    /// <summary>Opens the sockets and begins to read the tables.</summary>
    /// <param name="notificationBufferOctets">Receive buffer of the notification socket; the kernel doubles it.</param>
    /// <returns>A failure if a socket cannot be had; then nothing was begun.</returns>
    public Result Start(int notificationBufferOctets = NotificationBufferOctets)
    {
        Result first = NetlinkSocket.OpenForNotifications(loop.Kernel, notificationBufferOctets);
        if (!first.IsOk)
        {
            return first;
        }

        Result second = NetlinkSocket.OpenForRequests(loop.Kernel, ReplyBufferOctets);
        if (!second.IsOk)
        {
            loop.Kernel.Close(first.Int);
            return second;
        }

        Result watched = loop.TryAddFd(first.Int, FdEvents.Readable, OnNotifications, out notifications, name: "netlink notifications");
        watched = watched.IsOk
            ? loop.TryAddFd(second.Int, FdEvents.Readable, OnReplies, out replies, name: "netlink replies")
            : watched;
        if (!watched.IsOk)
        {
            notifications?.Remove();
            notifications = null;
            loop.Kernel.Close(first.Int);
            loop.Kernel.Close(second.Int);
            return watched;
        }

        timer = loop.AddTimer(OnDeadline, name: "netlink");
        resend = loop.AddTimer(Resend, name: "netlink: send again");
        Step(RtnetlinkInput.Started);
        return Result.Ok();
    }

    /// <summary>Asks something of the kernel; requests are sent in order, and up to 64 are in flight.</summary>
    /// <param name="request">What; to be used once.</param>
    /// <param name="done">Is told what became of it, later, on the loop. Never called after <see cref="Dispose"/>.</param>
    public void Send(NetlinkRequest request, Action<NetlinkError>? done = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        deferred.Enqueue((request, done));
        if (!isStepping && timer is not null)
        {
            StepDeferred();
        }
    }

    /// <summary>Closes the sockets. What was asked and not answered stays so.</summary>
    public void Dispose()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        timer?.Remove();
        resend?.Remove();
        unsent.Clear();
        CloseSource(notifications);
        CloseSource(replies);
    }

    private void CloseSource(FdSource? source)
    {
        source?.Remove();
        if (source is not null)
        {
            loop.Kernel.Close(source.Fd);
        }
    }

    private void OnNotifications(FdSource source, FdEvents ready) => ReadNotifications(source.Fd);

    private void OnReplies(FdSource source, FdEvents ready)
    {
        ReadNotifications(notifications!.Fd);
        for (int i = 0; i < RepliesPerTurn && !isDisposed; i++)
        {
            Result result = Receive(source.Fd, out bool isWhole, out bool isKernels);
            if (result.Is(Errno.EAGAIN))
            {
                break;
            }

            if (!result.IsOk || !isWhole)
            {
                Step(RtnetlinkInput.RepliesLost);
            }
            else if (isKernels)
            {
                TakeReplies(buffer.AsSpan(0, result.Int));
            }
        }
    }

    /// <summary>Reads until there is no more or the turn is used up. No error ends the watch.</summary>
    private void ReadNotifications(int fd)
    {
        for (int i = 0; i < NotificationsPerTurn && !isDisposed; i++)
        {
            Result result = Receive(fd, out bool isWhole, out bool isKernels);
            if (result.Is(Errno.EAGAIN))
            {
                Step(RtnetlinkInput.Drained);
                break;
            }

            if (!result.IsOk || !isWhole)
            {
                Step(RtnetlinkInput.NotificationsLost);
            }
            else if (isKernels)
            {
                TakeNotifications(buffer.AsSpan(0, result.Int));
            }
        }
    }

    private void TakeNotifications(ReadOnlySpan<byte> datagram)
    {
        NetlinkMessages messages = new(datagram);
        while (!isDisposed && messages.TryNext(out NetlinkMessage message))
        {
            Step(RtnetlinkInput.NotificationReceived(message));
        }

        if (messages.IsBroken)
        {
            Step(RtnetlinkInput.NotificationsLost);
        }
    }

    private void TakeReplies(ReadOnlySpan<byte> datagram)
    {
        NetlinkMessages messages = new(datagram);
        while (!isDisposed && messages.TryNext(out NetlinkMessage message))
        {
            Step(RtnetlinkInput.ReplyReceived(message));
        }

        if (messages.IsBroken)
        {
            Step(RtnetlinkInput.RepliesLost);
        }
    }

    private Result Receive(int fd, out bool isWhole, out bool isKernels)
    {
        Result result = loop.Kernel.ReceiveFrom(fd, buffer, MessageTruncate, out SocketAddress sender);
        isWhole = result.Value <= buffer.Length;
        isKernels = result.IsOk && sender.TryGetNetlink(out uint portId, out _) && portId == 0;
        ForeignMessages += result.IsOk && !isKernels ? 1ul : 0ul;
        if (isKernels && !isWhole && buffer.Length < BufferSizeMax)
        {
            buffer = new byte[buffer.Length * 2];
        }

        isWhole |= !isKernels;
        return result;
    }

    private void OnDeadline(TimerSource source, Instant now)
    {
        armedAt = Instant.Never;
        Step(RtnetlinkInput.TimePassed);
    }

    private void Step(in RtnetlinkInput input)
    {
        if (isDisposed)
        {
            return;
        }

        isStepping = true;
        try
        {
            conversation.Step(input, loop.Now);
            TakeOutputs();
        }
        finally
        {
            isStepping = false;
        }

        StepDeferred();
    }

    /// <summary>What listeners asked for, and what could not be sent, goes in once all outputs are taken.</summary>
    private void StepDeferred()
    {
        while (!isDisposed && (failed.Count > 0 || deferred.Count > 0))
        {
            isStepping = true;
            if (failed.TryDequeue(out (uint Sequence, Errno Error) failure))
            {
                conversation.Step(RtnetlinkInput.SendFailed(failure.Sequence, (int)failure.Error), loop.Now);
            }
            else if (deferred.TryDequeue(out (NetlinkRequest Request, Action<NetlinkError>? Done) asked))
            {
                conversation.Step(RtnetlinkInput.RequestMade(asked.Request, asked.Done), loop.Now);
            }

            try
            {
                TakeOutputs();
            }
            finally
            {
                isStepping = false;
            }
        }

        Rearm();
    }

    private void TakeOutputs()
    {
        while (!isDisposed && conversation.TryTake(out RtnetlinkOutput output))
        {
            switch (output.Kind)
            {
                case RtnetlinkOutputKind.Send: SendOut(output); break;
                case RtnetlinkOutputKind.RequestDone: (output.Completion as Action<NetlinkError>)?.Invoke(output.Error); break;
                default: listener(output); break;
            }
        }
    }

    private void SendOut(in RtnetlinkOutput output)
    {
        if (unsent.Count > 0)
        {
            unsent.Enqueue((output.Sequence, output.Octets.ToArray()));
            return;
        }

        Result sent = loop.Kernel.SendTo(replies!.Fd, output.Octets.Span, 0, kernelAddress);
        if (sent.Error.IsTransient())
        {
            unsent.Enqueue((output.Sequence, output.Octets.ToArray()));
            unsentSince = loop.Now;
            resendDelay.Reset();
            resend!.ArmAfter(resendDelay.Next());
        }
        else if (!sent.IsOk)
        {
            failed.Enqueue((output.Sequence, sent.Error));
        }
    }

    private void Resend(TimerSource source, Instant now)
    {
        while (unsent.TryPeek(out (uint Sequence, byte[] Octets) next))
        {
            Result sent = loop.Kernel.SendTo(replies!.Fd, next.Octets, 0, kernelAddress);
            if (sent.Error.IsTransient() && now - unsentSince < ResendSpan)
            {
                resend!.ArmAfter(resendDelay.Next());
                break;
            }

            unsent.Dequeue();
            if (!sent.IsOk)
            {
                failed.Enqueue((next.Sequence, sent.Error));
            }
        }

        StepDeferred();
    }

    private void Rearm()
    {
        Instant deadline = conversation.Deadline;
        if (!isDisposed && deadline != armedAt)
        {
            armedAt = deadline;
            timer!.ArmAt(deadline);
        }
    }
}
