using System;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>The machine itself, which node devices hang on (libvirt's <c>nodedev.rng</c>, capability <c>system</c>). Texts are of DMI.</summary>
public sealed record ComputerDevice
{
    /// <summary>What libvirt calls it.</summary>
    public const string Name = "computer";

    /// <summary>The product's name.</summary>
    public string? Product { get; init; }

    /// <summary>Who made it.</summary>
    public string? HardwareVendor { get; init; }

    /// <summary>Its version.</summary>
    public string? HardwareVersion { get; init; }

    /// <summary>Its serial number.</summary>
    public string? HardwareSerial { get; init; }

    /// <summary>Its identifier; all zeros when it has none, since the schema wants one.</summary>
    public Guid HardwareId { get; init; }

    /// <summary>Who made the firmware.</summary>
    public string? FirmwareVendor { get; init; }

    /// <summary>The firmware's version.</summary>
    public string? FirmwareVersion { get; init; }

    /// <summary>When the firmware came out, as it says.</summary>
    public string? FirmwareReleaseDate { get; init; }

    /// <summary>The document in libvirt's shape.</summary>
    public string Write()
    {
        XmlWriter writer = new();
        writer.Tag("device").Open();
        writer.Text("name", Name);
        writer.Tag("capability").Attribute("type", "system").Open();
        writer.TextIfAny("product", Product);
        writer.Tag("hardware").Open();
        writer.TextIfAny("vendor", HardwareVendor);
        writer.TextIfAny("version", HardwareVersion);
        writer.TextIfAny("serial", HardwareSerial);
        writer.Text("uuid", HardwareId.ToString());
        writer.Close("hardware");
        writer.Tag("firmware").Open();
        writer.TextIfAny("vendor", FirmwareVendor);
        writer.TextIfAny("version", FirmwareVersion);
        writer.TextIfAny("release_date", FirmwareReleaseDate);
        writer.Close("firmware");
        writer.Close("capability");
        writer.Close("device");
        return writer.ToString();
    }
}
