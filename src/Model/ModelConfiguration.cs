using System.Collections.Immutable;

namespace Spindle.Model;

/// <summary>The keys of <c>main.conf</c> and the options of the command line that decide what the model does.</summary>
public sealed record ModelConfiguration
{
    /// <summary>Links whose names begin so are left alone.</summary>
    public ImmutableArray<string> InterfaceBlacklist { get; init; } =
        ["vmnet", "vboxnet", "virbr", "ifb", "ve-", "vb-", "ham", "veth"];

    /// <summary>Globs of <c>-i</c>: if there are any, only these links are managed.</summary>
    public ImmutableArray<string> OnlyInterfaces { get; init; } = [];

    /// <summary>Globs of <c>-I</c>: these links are left alone.</summary>
    public ImmutableArray<string> ExceptInterfaces { get; init; } = [];

    /// <summary>The link that carries the root file system; left alone.</summary>
    public string? RootInterface { get; init; }

    /// <summary>New services of these technologies connect by themselves.</summary>
    public ImmutableArray<string> DefaultAutoConnect { get; init; } = ["wifi", "ethernet", "cellular"];

    /// <summary>Technologies that are on until somebody turns them off.</summary>
    public ImmutableArray<string> DefaultEnabled { get; init; } = ["ethernet"];

    /// <summary>New services of these technologies are favourites.</summary>
    public ImmutableArray<string> DefaultFavorite { get; init; } = ["ethernet"];

    /// <summary>Technologies in the order in which they are preferred.</summary>
    public ImmutableArray<string> Preferred { get; init; } = [];

    /// <summary>Used where a network names no name server.</summary>
    public ImmutableArray<Basics.IpAddress> FallbackNameservers { get; init; } = [];

    /// <summary>Come after all other time servers.</summary>
    public ImmutableArray<string> FallbackTimeservers { get; init; } = [];

    /// <summary>A gateway is asked for the time, too.</summary>
    public bool GatewaysAreTimeservers { get; init; }

    /// <summary>The host name may come from DHCP.</summary>
    public bool HostNameUpdates { get; init; } = true;

    /// <summary>The domain name may come from DHCP.</summary>
    public bool DomainNameUpdates { get; init; } = true;

    /// <summary>Online checks are made.</summary>
    public bool OnlineCheck { get; init; } = true;
}
