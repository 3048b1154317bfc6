using System;
using Spindle.Model;

namespace Spindle.Daemon.Storage;

/// <summary>What the <c>settings</c> of a service hold.</summary>
/// <param name="Configuration">What the model knows of it.</param>
public sealed record StoredService(ServiceConfiguration Configuration)
{
    /// <summary><c>Name</c>: what people see.</summary>
    public string Name { get; init; } = "Wired";

    /// <summary><c>Config.file</c>: the provisioning file that rules the service, without its suffix; null: none.</summary>
    public string? ConfigFile { get; init; }

    /// <summary><c>Config.ident</c>: the entry in that file, without <c>service_</c>.</summary>
    public string? ConfigEntry { get; init; }

    /// <summary><c>Modified</c>: when the user last changed something, UTC; null: never.</summary>
    public DateTime? Modified { get; init; }
}
