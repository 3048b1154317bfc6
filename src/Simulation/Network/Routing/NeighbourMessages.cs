using Spindle.Simulation.Network.Internet;

namespace Spindle.Simulation.Network.Routing;

/// <summary>Writes RTM_NEWNEIGH and RTM_DELNEIGH.</summary>
internal static class NeighbourMessages
{
    public const int FixedSize = 12;
    public const int Destination = 1;
    public const int LinkLayerAddress = 2;

    /// <summary>NTF_ROUTER.</summary>
    public const byte RouterFlag = 0x80;

    private const int CacheInfo = 3;
    private const int Probes = 4;
    private const byte UnicastType = 1;

    public static byte[] Write(Neighbor neighbor, MessageType type, int flags, uint sequence, uint portId)
    {
        MessageBuilder message = new(type, flags, sequence, portId);
        message.Byte(neighbor.Address.IsV4 ? Family.V4 : Family.V6).Byte(0).UInt16(0).UInt32((uint)neighbor.Link.Index)
            .UInt16((ushort)neighbor.State).Byte(neighbor.IsRouter ? RouterFlag : (byte)0).Byte(UnicastType)
            .Attribute(Destination, neighbor.Address);
        if (neighbor.IsValid)
        {
            message.Attribute(LinkLayerAddress, neighbor.MacAddress);
        }

        return message.Attribute(Probes, (uint)neighbor.Probes).Attribute(CacheInfo, new byte[16]).ToArray();
    }
}
