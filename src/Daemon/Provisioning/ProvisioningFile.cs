using System.Collections.Immutable;
using Spindle.Daemon.Configuration;
using Spindle.Model;

namespace Spindle.Daemon.Provisioning;

/// <summary>What a provisioning file says.</summary>
/// <param name="Services">Its wired services, in the order of the file.</param>
/// <param name="Remarks">What a person should know; none of it refuses the file.</param>
public sealed record ProvisioningFile(ImmutableArray<ProvisionedService> Services, ImmutableArray<ConfigurationRemark> Remarks)
{
    /// <summary><c>Name</c> of the network, for people; null: not said.</summary>
    public string? Name { get; init; }

    /// <summary><c>Description</c>, for people; null: not said.</summary>
    public string? Description { get; init; }
}
