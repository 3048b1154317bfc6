namespace Spindle.Protocols.LibvirtRpc.Remote;

/// <summary>Arguments of 112.</summary>
/// <param name="Capability">Only devices that have it, if any.</param>
/// <param name="Maximum">Most names that the client has room for.</param>
/// <param name="Flags">None is known.</param>
public readonly record struct NodeListDevicesArguments(string? Capability, int Maximum, uint Flags)
    : IXdrValue<NodeListDevicesArguments>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out NodeListDevicesArguments value)
    {
        if (!reader.TryReadOptionalString(out string? capability) || !reader.TryReadInt32(out int maximum)
            || !reader.TryReadUInt32(out uint flags))
        {
            value = default;
            return false;
        }

        value = new(capability, maximum, flags);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteOptionalString(Capability);
        writer.WriteInt32(Maximum);
        writer.WriteUInt32(Flags);
    }
}

/// <summary>Arguments of 117.</summary>
/// <param name="Name">Which device.</param>
/// <param name="Maximum">Most names that the client has room for.</param>
public readonly record struct NodeDeviceListCapsArguments(string Name, int Maximum)
    : IXdrValue<NodeDeviceListCapsArguments>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out NodeDeviceListCapsArguments value)
    {
        if (!reader.TryReadString(out string name) || !reader.TryReadInt32(out int maximum))
        {
            value = default;
            return false;
        }

        value = new(name, maximum);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteInt32(Maximum);
    }
}
