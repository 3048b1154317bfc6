namespace Spindle.Protocols.LibvirtRpc.Remote;

/// <summary>Which events of a node device 374 asks for.</summary>
public enum NodeDeviceEventKind
{
    /// <summary>It came or went (376).</summary>
    Lifecycle = 0,

    /// <summary>It has changed (377).</summary>
    Update = 1,
}

/// <summary>What happened to a node device.</summary>
public enum NodeDeviceLifecycle
{
    /// <summary>It came.</summary>
    Created = 0,

    /// <summary>It went.</summary>
    Deleted = 1,
}

/// <summary>Arguments of 374.</summary>
/// <param name="Kind">Which events; may be a number that has no name.</param>
/// <param name="Device">Of which device; of all if null.</param>
public readonly record struct NodeDeviceEventRegisterArguments(NodeDeviceEventKind Kind, string? Device)
    : IXdrValue<NodeDeviceEventRegisterArguments>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out NodeDeviceEventRegisterArguments value)
    {
        if (!reader.TryReadInt32(out int kind) || !reader.TryReadOptionalString(out string? device))
        {
            value = default;
            return false;
        }

        value = new((NodeDeviceEventKind)kind, device);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteInt32((int)Kind);
        writer.WriteOptionalString(Device);
    }
}
