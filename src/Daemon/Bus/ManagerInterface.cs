using System.Collections.Generic;
using Spindle.DBus;
using Spindle.Model;

namespace Spindle.Daemon.Bus;

/// <summary><c>net.connman.Manager</c>.</summary>
internal static class ManagerInterface
{
    public const string Name = "net.connman.Manager";
    public const string Path = "/";

    public static BusInterface Instance { get; } = WithLater(WithRegistries(new BusInterface<RootObject>(Name)
        .Method(
            "GetProperties",
            [BusArgument.Out("properties", "a{sv}")],
            static (it, call) => call.Reply(it, static (manager, writer) =>
            {
                writer.OpenArray();
                Write(manager, writer);
                writer.CloseArray();
            }))
        .Method(
            "SetProperty",
            [BusArgument.In("name", "s"), BusArgument.In("value", "v")],
            static (it, call) =>
            {
                call.Arguments[0].TryGetString(out string? name);
                Set(it, call, name ?? "", call.Arguments[1].Content);
            })
        .Method(
            "GetTechnologies",
            [BusArgument.Out("technologies", "a(oa{sv})")],
            static (it, call) => call.Reply(it.Door.Model.Ethernet, WriteTechnologies))
        .Method(
            "GetServices",
            [BusArgument.Out("services", "a(oa{sv})")],
            static (it, call) => call.Reply(it.Door.Model.Services, WriteServices))
        .Method(
            "GetPeers",
            [BusArgument.Out("peers", "a(oa{sv})")],
            static (_, call) => call.Reply(static writer => WriteNothing(writer)))
        .Method(
            "GetTetheringClients",
            [BusArgument.Out("tethering_clients", "as")],
            static (_, call) => call.Reply(static writer => WriteNothing(writer)))
        .Signal("PropertyChanged", BusArgument.In("name", "s"), BusArgument.In("value", "v"))
        .Signal("TechnologyAdded", BusArgument.In("path", "o"), BusArgument.In("properties", "a{sv}"))
        .Signal("TechnologyRemoved", BusArgument.In("path", "o"))
        .Signal("ServicesChanged", BusArgument.In("changed", "a(oa{sv})"), BusArgument.In("removed", "ao"))
        .Signal("PeersChanged", BusArgument.In("changed", "a(oa{sv})"), BusArgument.In("removed", "ao"))
        .Signal("TetheringClientsChanged", BusArgument.In("registered", "as"), BusArgument.In("removed", "as"))
        .WithProperties(Write, Set)));

    private static BusInterface<RootObject> WithRegistries(BusInterface<RootObject> face) => face
        .Method("RegisterAgent", [BusArgument.In("path", "o")], static (it, call) => it.Agents.Register(call))
        .Method("UnregisterAgent", [BusArgument.In("path", "o")], static (it, call) => it.Agents.Unregister(call))
        .Method(
            "RegisterCounter",
            [BusArgument.In("path", "o"), BusArgument.In("accuracy", "u"), BusArgument.In("period", "u")],
            static (it, call) => it.Counters.Register(call))
        .Method("UnregisterCounter", [BusArgument.In("path", "o")], static (it, call) => it.Counters.Unregister(call));

    /// <summary>Members of things that are not here yet: they can be seen, and say so.</summary>
    private static BusInterface<RootObject> WithLater(BusInterface<RootObject> face) => face
        .Method(
            "RemoveProvider",
            [BusArgument.In("provider", "o")],
            static (_, call) => call.NotFound(),
            BusMethodFlags.Deprecated)
        .Method(
            "ConnectProvider",
            [BusArgument.In("provider", "a{sv}"), BusArgument.Out("path", "o")],
            static (_, call) => call.NotSupported(),
            BusMethodFlags.Deprecated)
        .Method(
            "CreateSession",
            [BusArgument.In("settings", "a{sv}"), BusArgument.In("notifier", "o"), BusArgument.Out("session", "o")],
            static (_, call) => call.NotSupported())
        .Method("DestroySession", [BusArgument.In("session", "o")], static (_, call) => call.InvalidArguments())
        .Method(
            "RequestPrivateNetwork",
            [BusArgument.Out("path", "o"), BusArgument.Out("settings", "a{sv}"), BusArgument.Out("socket", "h")],
            static (_, call) => call.NotSupported())
        .Method("ReleasePrivateNetwork", [BusArgument.In("path", "o")], static (_, call) => call.PermissionDenied())
        .Method(
            "RegisterPeerService",
            [BusArgument.In("specification", "a{sv}"), BusArgument.In("master", "b")],
            static (_, call) => call.NotSupported())
        .Method(
            "UnregisterPeerService",
            [BusArgument.In("specification", "a{sv}")],
            static (_, call) => call.NotSupported());

    private static void Write(RootObject it, BusWriter writer)
    {
        writer.Entry("State", it.Door.Model.State);
        writer.Entry("OfflineMode", it.Door.Model.IsOffline);
        writer.Entry("SessionMode", it.IsSessionMode);
    }

    private static void Set(RootObject it, BusCall call, string name, BusValue value)
    {
        switch (name)
        {
            case "OfflineMode" when value.TryGetBoolean(out bool isOn):
                call.Reply();
                it.Door.Submit(new ModelInput.OfflineModeRequested(isOn));
                break;
            case "SessionMode" when value.TryGetBoolean(out bool isOn):
                it.IsSessionMode = isOn;
                call.Reply();
                break;
            case "OfflineMode" or "SessionMode":
                call.InvalidArguments();
                break;
            default:
                call.InvalidProperty();
                break;
        }
    }

    private static void WriteTechnologies(Technology ethernet, BusWriter writer)
    {
        writer.OpenArray();
        if (ethernet.IsPresent)
        {
            writer.OpenStruct();
            writer.WriteObjectPath(ethernet.Path);
            writer.OpenArray();
            TechnologyInterface.Write(ethernet, writer);
            writer.CloseArray();
            writer.CloseStruct();
        }

        writer.CloseArray();
    }

    private static void WriteServices(IReadOnlyList<Service> services, BusWriter writer)
    {
        writer.OpenArray();
        for (int i = 0; i < services.Count; i++)
        {
            writer.OpenStruct();
            writer.WriteObjectPath(services[i].Path);
            writer.OpenArray();
            ServiceDictionary.Write(services[i], writer);
            writer.CloseArray();
            writer.CloseStruct();
        }

        writer.CloseArray();
    }

    private static void WriteNothing(BusWriter writer)
    {
        writer.OpenArray();
        writer.CloseArray();
    }
}
