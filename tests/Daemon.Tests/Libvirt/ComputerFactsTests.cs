using System;
using System.IO;
using Spindle.Daemon.Libvirt;
using Spindle.Kernels;

namespace Spindle.Daemon.Tests.Libvirt;

/// <summary>The machine as its firmware describes it.</summary>
public sealed class ComputerFactsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dmi").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_can_be_read_is_told_and_what_cannot_is_left_out()
    {
        Write("product_name", "A & B\n");
        Write("sys_vendor", "Vendor \n");
        Write("product_version", " \n");
        Write("product_uuid", "4C4C4544-0042-4A10-8032-B2C04F4E3232\n");
        Write("bios_vendor", "SeaBIOS\n");
        Write("bios_date", "01/02/2026\n");
        Assert.Equal(
            """
            <device>
              <name>computer</name>
              <capability type='system'>
                <product>A &amp; B</product>
                <hardware>
                  <vendor>Vendor</vendor>
                  <uuid>4c4c4544-0042-4a10-8032-b2c04f4e3232</uuid>
                </hardware>
                <firmware>
                  <vendor>SeaBIOS</vendor>
                  <release_date>01/02/2026</release_date>
                </firmware>
              </capability>
            </device>

            """,
            ComputerFacts.Read(new FirmwareKernel(folder)).Write());
    }

    [Fact]
    public void A_machine_without_dmi_has_an_identifier_of_zeros() =>
        Assert.Equal(new Protocols.InterfaceXml.ComputerDevice(), ComputerFacts.Read(new FirmwareKernel(folder)));

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(folder, name), content);

    /// <summary>The machine's firmware says what is in a folder.</summary>
    private sealed class FirmwareKernel(string folder) : LinuxKernel
    {
        public override Result Open(string path, FileFlags flags, uint mode = 0x180) =>
            base.Open(path.Replace("/sys/class/dmi/id", folder, StringComparison.Ordinal), flags, mode);
    }
}
