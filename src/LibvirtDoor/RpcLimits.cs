using System;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor;

/// <summary>What a <see cref="RpcServer"/> lets its clients have; the defaults are libvirtd's where it has one.</summary>
public sealed record RpcLimits
{
    /// <summary>Octets of calls that are read ahead from a client that has its most calls in flight.</summary>
    public const int ReadAheadMaximum = 64 * 1024;

    /// <summary>Octets of answers that wait for a client; nothing more is read from it until they are fewer.</summary>
    public const int UnsentMark = 64 * 1024;

    /// <summary>Octets of answers and events that wait for a client; one more message and it is disconnected.</summary>
    public const int UnsentMaximum = RpcFrame.MaximumLength + UnsentMark;

    /// <summary>Longest message of a client that has not authenticated yet; a longer one disconnects it.</summary>
    public const int AnonymousMessageMaximum = 64 * 1024;

    /// <summary>Octets that messages above 64 KB, and what clients do not read, may take in all clients of a door together; when more are
    /// needed, who has the most is disconnected.</summary>
    public const int LargeMessagesMaximum = 128 * 1024 * 1024;

    /// <summary>Longest time that a question whether a client may come in may be open.</summary>
    public static readonly TimeSpan AuthorizationMaximum = TimeSpan.FromMinutes(2);

    /// <summary>Most clients, from 1: at that number nobody is accepted (<c>max_clients</c>). Clients of one listener that have not
    /// authenticated yet take no places of the other listeners'; who authenticates when there is none left is disconnected.</summary>
    public int Clients { get; init; } = 5000;

    /// <summary>Most clients of one listener that have not authenticated yet; 0: no limit (<c>max_anonymous_clients</c>). Who comes then
    /// waits; places are shared fairly between users, or addresses.</summary>
    public int AnonymousClients { get; init; } = 20;

    /// <summary>How long a client may take to authenticate before it is disconnected. libvirtd waits for ever.</summary>
    public TimeSpan AuthenticationTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections that the kernel holds for us until they are accepted, and strangers of one listener that wait for a place
    /// (<c>max_queued_clients</c>).</summary>
    public int QueuedClients { get; init; } = 1000;

    /// <summary>Most descriptors that clients may have, those included that wait for a place; at that number nobody is accepted. No
    /// matter of libvirt's: what a process has must do for more than its clients.</summary>
    public int Descriptors { get; init; } = int.MaxValue;

    /// <summary>Most calls of one client in flight, from 1: queued, running, or answered and not sent yet
    /// (<c>max_client_requests</c>).</summary>
    public int Requests { get; init; } = 5;

    /// <summary>Silence after which a client that wants it is pinged; zero or less: never (<c>keepalive_interval</c>).</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pings without an answer before the client is disconnected (<c>keepalive_count</c>).</summary>
    public int KeepAliveCount { get; init; } = 5;

    /// <summary>How long a stranger keeps a place that is one too many for his user or address, while another has none to spare.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a listener rests when the process has no more descriptors, unless a client leaves before.</summary>
    public TimeSpan AcceptRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Throws for numbers that make no server.</summary>
    internal RpcLimits Verified()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Clients, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(AnonymousClients);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(AnonymousClients, Clients);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AuthenticationTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(QueuedClients);
        ArgumentOutOfRangeException.ThrowIfLessThan(Descriptors, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Requests, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(KeepAliveCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AcceptRetry, TimeSpan.Zero);
        return this;
    }
}
