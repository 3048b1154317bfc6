using System;

namespace Spindle.DBus;

/// <summary>An object in the table.</summary>
public sealed class BusObject
{
    private readonly BusInterface[] interfaces;

    internal BusObject(string path, object target, ReadOnlySpan<BusInterface> interfaces)
    {
        Path = path;
        Target = target;
        this.interfaces = interfaces.ToArray();
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>What stands behind it; handed to each handler.</summary>
    public object Target { get; }

    /// <summary>Its interfaces in the order they were added, without the standard ones.</summary>
    public ReadOnlySpan<BusInterface> Interfaces => interfaces;

    /// <summary>True if one of its interfaces answers to org.freedesktop.DBus.Properties.</summary>
    public bool HasProperties => Array.Exists(interfaces, static item => item.HasProperties);

    /// <summary>Finds an interface by its name.</summary>
    public BusInterface? Find(string name) => Array.Find(interfaces, item => item.Name == name);
}
