using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>Another host was found on an address of ours.</summary>
/// <param name="Address">The address.</param>
/// <param name="Other">The other host.</param>
/// <param name="UnixSeconds">When, in seconds since 1970.</param>
/// <param name="IsResolved">Another address was had since.</param>
public sealed record AddressConflict(IpAddress Address, MacAddress Other, long UnixSeconds, bool IsResolved);

/// <summary>One way to the network: what the user sees, and what it is doing. Read it; only the model writes it.</summary>
public sealed class Service
{
    private readonly Device device;

    internal Service(Device device, string ident, ServiceConfiguration stored)
    {
        this.device = device;
        Ident = ident;
        Stored = stored;
        Configuration = stored;
        Shown = ServiceView.Of(this, ModelConfigurationDefaults, []);
    }

    /// <summary>The last part of the path, and the name of the settings.</summary>
    public string Ident { get; }

    /// <summary>The bus object's path.</summary>
    public string Path => "/net/connman/service/" + Ident;

    /// <summary>The word for the technology.</summary>
    public string Type => "ethernet";

    /// <summary>The word for people.</summary>
    public string Name => "Wired";

    /// <summary>The link under it.</summary>
    public LinkFacts Link => device.Link;

    /// <summary>What is stored.</summary>
    public ServiceConfiguration Stored { get; internal set; }

    /// <summary>What applies: what is stored, with a provisioning file's group over it.</summary>
    public ServiceConfiguration Configuration { get; internal set; }

    /// <summary>The provisioning group that applies.</summary>
    public ProvisionedService? Provision { get; internal set; }

    /// <summary>Provisioned, so not to be changed by users.</summary>
    public bool IsImmutable => Provision is not null;

    /// <summary>IPv4's part of the state.</summary>
    public ServiceState Ipv4State { get; internal set; }

    /// <summary>IPv6's part of the state.</summary>
    public ServiceState Ipv6State { get; internal set; }

    /// <summary>The state of both together.</summary>
    public ServiceState State { get; internal set; }

    /// <summary>Why the last attempt failed, in ConnMan's words; null: it did not.</summary>
    public string? Error { get; internal set; }

    /// <summary>The user disconnected it; it waits to be connected by hand.</summary>
    public bool IsIgnored { get; internal set; }

    /// <summary>The lease in use.</summary>
    public Ipv4Lease? Lease { get; internal set; }

    /// <summary>The link-local address in use.</summary>
    public IpAddress? LinkLocal { get; internal set; }

    /// <summary>What routers say.</summary>
    public RouterFacts? Router { get; internal set; }

    /// <summary>The last address conflict.</summary>
    public AddressConflict? LastConflict { get; internal set; }

    /// <summary>What users are shown of it.</summary>
    public ServiceView Shown { get; internal set; }

    /// <summary>The address that a DHCP server is asked for first.</summary>
    public IpAddress? LastAddress { get; internal set; }

    internal Device Device => device;

    internal int? ConnectTicket { get; set; }

    internal bool IsByUser { get; set; }

    internal Instant ConnectBy { get; set; } = Instant.Never;

    internal bool IsLinkLocalStarted { get; set; }

    internal bool IsIpv4Checked { get; set; }

    internal bool IsIpv6Checked { get; set; }

    private static ModelConfiguration ModelConfigurationDefaults { get; } = new();

    /// <summary>The router to the rest of the world; null: none.</summary>
    public IpAddress? Gateway(IpFamily family) => family == IpFamily.V4
        ? Configuration.Ipv4.Method switch
        {
            Ipv4Method.Off => null,
            Ipv4Method.Manual => Configuration.Ipv4.Gateway,
            Ipv4Method.Dhcp => Lease?.Gateway,
        }
        : Configuration.Ipv6.Method switch
        {
            Ipv6Method.Off => null,
            Ipv6Method.Manual => Configuration.Ipv6.Gateway,
            Ipv6Method.Auto => Router?.Router,
        };

    /// <summary>The family's part of the state.</summary>
    public ServiceState StateOf(IpFamily family) => family == IpFamily.V4 ? Ipv4State : Ipv6State;

    /// <summary>The IPv4 address in use, or to be used.</summary>
    internal AddressPlan? PlannedIpv4()
    {
        if (Ipv4State is not (ServiceState.Configuration or ServiceState.Ready or ServiceState.Online))
        {
            return null;
        }

        if (Configuration.Ipv4 is { Method: Ipv4Method.Manual, Address: { } manual })
        {
            return new AddressPlan(manual, manual.Broadcast, Instant.Never);
        }

        if (Lease is not null)
        {
            return new AddressPlan(Lease.Address, Lease.Broadcast ?? Lease.Address.Broadcast, Lease.ValidUntil);
        }

        return LinkLocal is { } own ? new AddressPlan(new IpPrefix(own, 16), new IpPrefix(own, 16).Broadcast, Instant.Never) : null;
    }

    /// <summary>The manual IPv6 address in use, or to be used.</summary>
    internal AddressPlan? PlannedIpv6() =>
        Ipv6State is ServiceState.Configuration or ServiceState.Ready or ServiceState.Online
        && Configuration.Ipv6 is { Method: Ipv6Method.Manual, Address: { } manual }
            ? new AddressPlan(manual, null, Instant.Never)
            : null;

    internal bool IsChecked(IpFamily family) => family == IpFamily.V4 ? IsIpv4Checked : IsIpv6Checked;

    internal void SetChecked(IpFamily family, bool value)
    {
        if (family == IpFamily.V4)
        {
            IsIpv4Checked = value;
        }
        else
        {
            IsIpv6Checked = value;
        }
    }
}
