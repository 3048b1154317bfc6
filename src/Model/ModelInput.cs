using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>Something that happened.</summary>
public abstract record ModelInput
{
    /// <summary>A link is there, or changed.</summary>
    public sealed record LinkReported(LinkFacts Link) : ModelInput;

    /// <summary>A link is gone.</summary>
    public sealed record LinkVanished(int LinkIndex) : ModelInput;

    /// <summary>An address is there, or changed.</summary>
    public sealed record AddressReported(AddressFacts Address) : ModelInput;

    /// <summary>An address is gone.</summary>
    public sealed record AddressVanished(int LinkIndex, IpPrefix Prefix) : ModelInput;

    /// <summary>The kernel refused an address that we set.</summary>
    public sealed record AddressRefused(int LinkIndex, IpPrefix Prefix) : ModelInput;

    /// <summary>A route of ours is there from before a restart.</summary>
    public sealed record OwnRouteFound(RoutePlan Route) : ModelInput;

    /// <summary>The kernel's links and addresses have been told in full for the first time.</summary>
    public sealed record KernelKnown : ModelInput;

    /// <summary>The stored settings of a service that <see cref="ModelOutput.LoadService"/> asked for.</summary>
    /// <param name="Ident">Which service.</param>
    /// <param name="Configuration">Null: nothing is stored.</param>
    public sealed record ServiceLoaded(string Ident, ServiceConfiguration? Configuration) : ModelInput;

    /// <summary>A DHCP server gave or prolonged a lease.</summary>
    public sealed record LeaseAcquired(int LinkIndex, Ipv4Lease Lease) : ModelInput;

    /// <summary>The lease ended or was refused; asking goes on.</summary>
    public sealed record LeaseLost(int LinkIndex) : ModelInput;

    /// <summary>No server answered for a while; asking goes on.</summary>
    public sealed record LeaseOverdue(int LinkIndex) : ModelInput;

    /// <summary>A link-local address is ours (RFC 3927).</summary>
    public sealed record LinkLocalClaimed(int LinkIndex, IpAddress Address) : ModelInput;

    /// <summary>The link-local address was lost to another host.</summary>
    public sealed record LinkLocalLost(int LinkIndex) : ModelInput;

    /// <summary>Another host uses an address of ours, or one that we wanted (RFC 5227).</summary>
    public sealed record ConflictFound(int LinkIndex, IpAddress Address, MacAddress Other, long UnixSeconds) : ModelInput;

    /// <summary>Router advertisements of a link say this now; null: no router is left.</summary>
    public sealed record RouterReported(int LinkIndex, RouterFacts? Router) : ModelInput;

    /// <summary>An online check came to an end.</summary>
    public sealed record OnlineChecked(string Ident, IpFamily Family, OnlineVerdict Verdict) : ModelInput;

    /// <summary>Somebody wants a service connected; answered when it is.</summary>
    public sealed record ConnectRequested(string Ident, int Ticket) : ModelInput;

    /// <summary>Somebody wants a service disconnected; answered at once.</summary>
    public sealed record DisconnectRequested(string Ident, int Ticket) : ModelInput;

    /// <summary>Somebody wants a service forgotten.</summary>
    public sealed record RemoveRequested(string Ident, int Ticket) : ModelInput;

    /// <summary>Somebody read the error.</summary>
    public sealed record ErrorCleared(string Ident) : ModelInput;

    /// <summary>Somebody wants a service before or behind another.</summary>
    public sealed record MoveRequested(string Ident, string Target, bool IsBefore, int Ticket) : ModelInput;

    /// <summary>Somebody changed what a service is told.</summary>
    /// <param name="Ident">Which service.</param>
    /// <param name="Configuration">The whole of it, after the change.</param>
    /// <param name="Touched">What was set, changed or not: it is announced either way, as ConnMan does.</param>
    public sealed record ServiceConfigured(
        string Ident, ServiceConfiguration Configuration, ServiceProperties Touched) : ModelInput;

    /// <summary>Somebody wants a technology on or off; answered when its links are.</summary>
    public sealed record PowerRequested(string Technology, bool IsOn, int Ticket) : ModelInput;

    /// <summary>Somebody set the flight mode.</summary>
    public sealed record OfflineModeRequested(bool IsOn) : ModelInput;

    /// <summary>What all provisioning files together say now.</summary>
    public sealed record ProvisioningChanged(ImmutableArray<ProvisionedService> Services) : ModelInput;

    /// <summary>The configuration was read again.</summary>
    public sealed record Reconfigured(ModelConfiguration Configuration) : ModelInput;

    /// <summary>The global time servers changed.</summary>
    public sealed record TimeserversSet(ImmutableArray<string> Timeservers) : ModelInput;

    /// <summary>The deadline passed.</summary>
    public sealed record TimePassed : ModelInput;
}

/// <summary>What an online check found.</summary>
public enum OnlineVerdict
{
    /// <summary>The Internet is there.</summary>
    Online,

    /// <summary>Often enough in a row, it was not (continuous mode).</summary>
    Failed,
}
