using Spindle.DBus;
using Spindle.Model;

namespace Spindle.Daemon.Bus;

/// <summary>A service on the bus.</summary>
internal sealed record ServiceObject(Service Service, ModelDoor Door, CounterRegistry Counters);

/// <summary><c>net.connman.Service</c>.</summary>
internal static class ServiceInterface
{
    public const string Name = "net.connman.Service";

    private const string PathPrefix = "/net/connman/service/";

    public static BusInterface Instance { get; } = new BusInterface<ServiceObject>(Name)
        .Method(
            "GetProperties",
            [BusArgument.Out("properties", "a{sv}")],
            static (it, call) => call.Reply(it.Service, WriteProperties),
            BusMethodFlags.Deprecated)
        .Method(
            "SetProperty",
            [BusArgument.In("name", "s"), BusArgument.In("value", "v")],
            static (it, call) => SetProperty(it, call))
        .Method("ClearProperty", [BusArgument.In("name", "s")], static (it, call) => ClearProperty(it, call))
        .Method("Connect", [], static (it, call) =>
            it.Door.Ask(call, ticket => new ModelInput.ConnectRequested(it.Service.Ident, ticket)))
        .Method("Disconnect", [], static (it, call) =>
            it.Door.Ask(call, ticket => new ModelInput.DisconnectRequested(it.Service.Ident, ticket)))
        .Method("Remove", [], static (it, call) =>
            it.Door.Ask(call, ticket => new ModelInput.RemoveRequested(it.Service.Ident, ticket)))
        .Method("MoveBefore", [BusArgument.In("service", "o")], static (it, call) => Move(it, call, isBefore: true))
        .Method("MoveAfter", [BusArgument.In("service", "o")], static (it, call) => Move(it, call, isBefore: false))
        .Method("ResetCounters", [], static (it, call) =>
        {
            it.Counters.Reset(it.Service);
            call.Reply();
        })
        .Signal("PropertyChanged", BusArgument.In("name", "s"), BusArgument.In("value", "v"))
        .WithProperties(
            static (it, writer) => ServiceDictionary.Write(it.Service, writer),
            static (it, call, name, value) => ServiceSetter.Set(it.Service, call, name, value, it.Door));

    private static void WriteProperties(Service service, BusWriter writer)
    {
        writer.OpenArray();
        ServiceDictionary.Write(service, writer);
        writer.CloseArray();
    }

    private static void SetProperty(ServiceObject it, BusCall call)
    {
        if (call.Arguments[0].TryGetString(out string? name))
        {
            ServiceSetter.Set(it.Service, call, name, call.Arguments[1].Content, it.Door);
        }
        else
        {
            call.InvalidArguments();
        }
    }

    private static void ClearProperty(ServiceObject it, BusCall call)
    {
        if (!call.Arguments[0].TryGetString(out string? name) || name != "Error")
        {
            call.InvalidProperty();
            return;
        }

        call.Reply();
        it.Door.Submit(new ModelInput.ErrorCleared(it.Service.Ident));
    }

    private static void Move(ServiceObject it, BusCall call, bool isBefore)
    {
        if (!call.Arguments[0].TryGetObjectPath(out string? path) || !path.StartsWith(PathPrefix, System.StringComparison.Ordinal))
        {
            call.InvalidService();
            return;
        }

        string target = path[PathPrefix.Length..];
        it.Door.Ask(call, ticket => new ModelInput.MoveRequested(it.Service.Ident, target, isBefore, ticket));
    }
}
