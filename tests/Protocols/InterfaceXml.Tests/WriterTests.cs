using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml;

public sealed class WriterTests
{
    // The form of libvirt 9's virsh iface-dumpxml, element for element.
    private const string Bridge =
        """
        <interface type='bridge' name='br0'>
          <mtu size='1400'/>
          <bridge stp='on' delay='200'>
            <interface type='ethernet' name='veth2'>
              <link speed='10000' state='up'/>
              <mac address='52:54:00:00:00:04'/>
            </interface>
          </bridge>
        </interface>

        """;

    [Fact]
    public void A_bridge_is_written_as_libvirt_writes_it()
    {
        InterfaceDefinition bridge = new()
        {
            Kind = InterfaceKind.Bridge,
            Name = "br0",
            Mtu = 1400,
            Bridge = new()
            {
                SpanningTree = true,
                ForwardDelay = "200",
                Members =
                [
                    new()
                    {
                        Kind = InterfaceKind.Ethernet,
                        Name = "veth2",
                        Link = new(10_000, InterfaceLinkState.Up),
                        Mac = Mac("52:54:00:00:00:04"),
                    },
                ],
            },
        };
        Assert.Equal(Bridge, bridge.Write());
        Assert.True(InterfaceDefinition.TryParse(Bridge, out InterfaceDefinition? read, out _));
        Assert.Equal(bridge, read);
    }

    private static MacAddress Mac(string text)
    {
        Assert.True(MacAddress.TryParse(text, out MacAddress address));
        return address;
    }
}
