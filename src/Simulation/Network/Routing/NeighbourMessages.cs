namespace Spindle.Simulation.Network.Routing;

/// <summary>Writes RTM_NEWNEIGH and RTM_DELNEIGH.</summary>
internal static class NeighbourMessages
{
    public const int FixedSize = 12;
    public const int Destination = 1;
    public const int LinkLayerAddress = 2;

    private const int CacheInfo = 3;
    private const int Probes = 4;
    private const byte UnicastType = 1;

    public static byte[] Write(Neighbour neighbour, MessageType type, int flags, uint sequence, uint portId)
    {
        MessageBuilder message = new(type, flags, sequence, portId);
        message.Byte(neighbour.Address.IsV4 ? Family.V4 : Family.V6).Byte(0).UInt16(0).UInt32((uint)neighbour.Link.Index)
            .UInt16((ushort)neighbour.State).Byte(neighbour.Flags).Byte(UnicastType)
            .Attribute(Destination, neighbour.Address);
        if (neighbour.MacAddress is { } mac)
        {
            message.Attribute(LinkLayerAddress, mac);
        }

        return message.Attribute(Probes, 0u).Attribute(CacheInfo, new byte[16]).ToArray();
    }
}
