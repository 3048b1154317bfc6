using Spindle.Daemon.CommandLine;
using Spindle.Model;

namespace Spindle.Daemon.Configuration;

/// <summary>What main.conf and the command line mean to the model.</summary>
public static class ModelConfigurationMapping
{
    /// <summary>The model's rules.</summary>
    /// <param name="configuration">main.conf.</param>
    /// <param name="options">The command line.</param>
    /// <param name="rootInterface">The link that carries the root file system; null: none.</param>
    public static ModelConfiguration ToModel(MainConfiguration configuration, DaemonOptions options, string? rootInterface) => new()
    {
        InterfaceBlacklist = configuration.NetworkInterfaceBlacklist,
        OnlyInterfaces = options.Devices,
        ExceptInterfaces = options.NoDevices,
        RootInterface = rootInterface,
        DefaultAutoConnect = configuration.DefaultAutoConnectTechnologies,
        DefaultEnabled = configuration.DefaultEnabledTechnologies,
        DefaultFavorite = configuration.DefaultFavoriteTechnologies,
        Preferred = configuration.PreferredTechnologies,
        FallbackNameservers = configuration.FallbackNameservers,
        FallbackTimeservers = configuration.FallbackTimeservers,
        GatewaysAreTimeservers = configuration.UseGatewaysAsTimeservers,
        HostNameUpdates = configuration.AllowHostnameUpdates,
        DomainNameUpdates = configuration.AllowDomainnameUpdates,
        OnlineCheck = configuration.OnlineCheckMode != OnlineCheckMode.None,
    };
}
