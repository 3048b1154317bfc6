using Spindle.DBus;
using Spindle.Model;

namespace Spindle.Daemon.Bus;

/// <summary>A technology on the bus.</summary>
internal sealed record TechnologyObject(Technology Technology, ModelDoor Door);

/// <summary><c>net.connman.Technology</c>.</summary>
internal static class TechnologyInterface
{
    public const string Name = "net.connman.Technology";

    public static BusInterface Instance { get; } = new BusInterface<TechnologyObject>(Name)
        .Method(
            "GetProperties",
            [BusArgument.Out("properties", "a{sv}")],
            static (it, call) => call.Reply(it.Technology, static (technology, writer) =>
            {
                writer.OpenArray();
                Write(technology, writer);
                writer.CloseArray();
            }),
            BusMethodFlags.Deprecated)
        .Method(
            "SetProperty",
            [BusArgument.In("name", "s"), BusArgument.In("value", "v")],
            static (it, call) =>
            {
                call.Arguments[0].TryGetString(out string? name);
                Set(it, call, name ?? "", call.Arguments[1].Content);
            })
        .Method("Scan", [], static (_, call) => call.NotSupported())
        .Signal("PropertyChanged", BusArgument.In("name", "s"), BusArgument.In("value", "v"))
        .WithProperties(static (it, writer) => Write(it.Technology, writer), Set);

    /// <summary>Writes all entries into an open <c>a{sv}</c>.</summary>
    public static void Write(Technology technology, BusWriter writer)
    {
        writer.Entry("Name", technology.Name);
        writer.Entry("Type", technology.Type);
        writer.Entry("Powered", technology.IsPowered);
        writer.Entry("Connected", technology.IsConnected);
        writer.Entry("Tethering", false);
    }

    private static void Set(TechnologyObject it, BusCall call, string name, BusValue value)
    {
        switch (name)
        {
            case "Powered" when value.TryGetBoolean(out bool isOn):
                it.Door.Ask(call, ticket => new ModelInput.PowerRequested(it.Technology.Type, isOn, ticket));
                break;
            case "Tethering" when value.TryGetBoolean(out _):
                // Ethernet is not among ConnMan's tethering technologies.
                call.NotSupported();
                break;
            case "TetheringIdentifier" or "TetheringPassphrase" when value.TryGetString(out _):
            case "TetheringFreq" when value.TryGetInt32(out _):
                call.NotSupported();
                break;
            case "Powered" or "Tethering" or "TetheringIdentifier" or "TetheringPassphrase" or "TetheringFreq":
                call.InvalidArguments();
                break;
            default:
                call.InvalidProperty();
                break;
        }
    }
}
