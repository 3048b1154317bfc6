using System;
using System.IO;
using System.Xml;
using System.Xml.Linq;
using Spindle.Basics;
using Spindle.Protocols.InterfaceXml.Generated;

namespace Spindle.Protocols.InterfaceXml;

public sealed class NodeDeviceTests
{
    private static readonly MacAddress Mac = MacAddress.Read([0x52, 0x54, 0x00, 0xAB, 0xCD, 0x01]);

    [Fact]
    public void A_network_device_is_written_as_libvirt_writes_it()
    {
        NetworkDevice device = new("eth0.4")
        {
            Name = NetworkDevice.NameOf("eth0.4", Mac),
            Path = "/sys/devices/virtual/net/eth0.4",
            Mac = Mac,
            Link = new(1000, InterfaceLinkState.Up),
            Features = ["rx", "tx"],
        };
        Assert.Equal(
            """
            <device>
              <name>net_eth0_4_52_54_00_ab_cd_01</name>
              <path>/sys/devices/virtual/net/eth0.4</path>
              <parent>computer</parent>
              <capability type='net'>
                <interface>eth0.4</interface>
                <address>52:54:00:ab:cd:01</address>
                <link speed='1000' state='up'/>
                <feature name='rx'/>
                <feature name='tx'/>
                <capability type='80203'/>
              </capability>
            </device>

            """,
            device.Write());
    }

    [Fact]
    public void A_network_device_of_which_little_is_known_says_little()
    {
        NetworkDevice device = new("tun0") { Name = "net_tun0", Kind = NetworkDeviceKind.Other };
        Assert.Equal(
            """
            <device>
              <name>net_tun0</name>
              <parent>computer</parent>
              <capability type='net'>
                <interface>tun0</interface>
              </capability>
            </device>

            """,
            device.Write());
        Assert.Contains("<capability type='80211'/>", (device with { Kind = NetworkDeviceKind.Wireless }).Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_computer_is_written_as_libvirt_writes_it()
    {
        ComputerDevice computer = new()
        {
            Product = "Box & Co",
            HardwareVendor = "Acme",
            HardwareVersion = "1",
            HardwareSerial = "s<1>",
            HardwareId = new("01234567-89ab-cdef-0123-456789abcdef"),
            FirmwareVendor = "Bios",
            FirmwareVersion = "2",
            FirmwareReleaseDate = "01/02/2026",
        };
        Assert.Equal(
            """
            <device>
              <name>computer</name>
              <capability type='system'>
                <product>Box &amp; Co</product>
                <hardware>
                  <vendor>Acme</vendor>
                  <version>1</version>
                  <serial>s&lt;1&gt;</serial>
                  <uuid>01234567-89ab-cdef-0123-456789abcdef</uuid>
                </hardware>
                <firmware>
                  <vendor>Bios</vendor>
                  <version>2</version>
                  <release_date>01/02/2026</release_date>
                </firmware>
              </capability>
            </device>

            """,
            computer.Write());
    }

    // The runtime's reader as a second opinion: it refuses what XML has no character for.
    [Fact]
    public void Any_text_is_well_formed()
    {
        for (ulong seed = 1; seed < 500; seed++)
        {
            string xml = new NodeDeviceGenerator(new(seed)).Next();
            using XmlReader reader = XmlReader.Create(new StringReader(xml));
            Assert.Equal("device", XDocument.Load(reader).Root!.Name);
        }
    }
}
