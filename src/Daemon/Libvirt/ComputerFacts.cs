using System;
using System.Text;
using Spindle.Kernels;
using Spindle.Protocols.InterfaceXml;

namespace Spindle.Daemon.Libvirt;

/// <summary>What the firmware says of the machine (DMI), as far as sysfs has it and we may read it: the serial number and the
/// identifier are for root alone, and a virtual machine often has none of it.</summary>
internal static class ComputerFacts
{
    private const string Folder = "/sys/class/dmi/id/";
    private const int SizeMax = 4096; // a file of sysfs is a page at most

    public static ComputerDevice Read(Kernel kernel) => new()
    {
        Product = Read(kernel, "product_name"),
        HardwareVendor = Read(kernel, "sys_vendor"),
        HardwareVersion = Read(kernel, "product_version"),
        HardwareSerial = Read(kernel, "product_serial"),
        HardwareId = Guid.TryParse(Read(kernel, "product_uuid"), out Guid id) ? id : default,
        FirmwareVendor = Read(kernel, "bios_vendor"),
        FirmwareVersion = Read(kernel, "bios_version"),
        FirmwareReleaseDate = Read(kernel, "bios_date"),
    };

    private static string? Read(Kernel kernel, string name)
    {
        if (!kernel.ReadFile(Folder + name, SizeMax, out byte[] octets).IsOk)
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(octets).Trim();
        return text.Length > 0 ? text : null;
    }
}
