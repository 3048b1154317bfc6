namespace Spindle.Protocols.LibvirtRpc.Remote;

/// <summary>Event 376: a node device came or went.</summary>
/// <param name="CallbackId">As 374 gave it.</param>
/// <param name="Name">The device.</param>
/// <param name="Lifecycle">What happened.</param>
/// <param name="Detail">Always 0.</param>
public readonly record struct NodeDeviceLifecycleEvent(int CallbackId, string Name, NodeDeviceLifecycle Lifecycle, int Detail)
    : IXdrValue<NodeDeviceLifecycleEvent>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out NodeDeviceLifecycleEvent value)
    {
        if (!reader.TryReadInt32(out int callbackId) || !reader.TryReadString(out string name)
            || !reader.TryReadInt32(out int lifecycle) || !reader.TryReadInt32(out int detail))
        {
            value = default;
            return false;
        }

        value = new(callbackId, name, (NodeDeviceLifecycle)lifecycle, detail);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteInt32(CallbackId);
        writer.WriteString(Name);
        writer.WriteInt32((int)Lifecycle);
        writer.WriteInt32(Detail);
    }
}

/// <summary>Event 377: a node device has changed.</summary>
/// <param name="CallbackId">As 374 gave it.</param>
/// <param name="Name">The device.</param>
public readonly record struct NodeDeviceUpdateEvent(int CallbackId, string Name) : IXdrValue<NodeDeviceUpdateEvent>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out NodeDeviceUpdateEvent value)
    {
        if (!reader.TryReadInt32(out int callbackId) || !reader.TryReadString(out string name))
        {
            value = default;
            return false;
        }

        value = new(callbackId, name);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteInt32(CallbackId);
        writer.WriteString(Name);
    }
}
