using System;
using Spindle.DBus;

namespace Spindle.Programs;

/// <summary><c>spindle connect NAME</c> and <c>spindle disconnect NAME</c>.</summary>
internal static class ConnectCommand
{
    private const string Face = "net.connman.Service";

    // The daemon itself gives up after two minutes and says so; this is for a daemon that cannot even do that.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    public static int Connect(BusClient client, Surroundings surroundings, string name, bool isJson) =>
        Do(client, surroundings, name, isJson, "Connect", "net.connman.Error.AlreadyConnected");

    public static int Disconnect(BusClient client, Surroundings surroundings, string name, bool isJson) =>
        Do(client, surroundings, name, isJson, "Disconnect", "net.connman.Error.NotConnected");

    // That it is so already is no failure.
    private static int Do(BusClient client, Surroundings surroundings, string name, bool isJson, string member, string already)
    {
        ServiceEntry service = ServiceEntry.Find(client.Services(), name);
        BusReply reply = client.TryAsk(service.Path, Face, member, Patience);
        if (reply.IsError && reply.ErrorName != already)
        {
            throw BusClient.Explain(reply);
        }

        Tell(client, surroundings, service, isJson, wasAlready: reply.IsError);
        return ExitCode.Success;
    }

    private static void Tell(BusClient client, Surroundings surroundings, ServiceEntry service, bool isJson, bool wasAlready)
    {
        BusReply reply = client.TryAsk(service.Path, Face, "GetProperties");
        ServiceEntry now = reply.IsError ? service : service with { Properties = reply.Values[0] };
        if (isJson)
        {
            Json.Print(surroundings.Output, isIndented: true, writer => ServicesCommand.Write(writer, now));
            return;
        }

        string called = Plain.Of(now.Name.Length > 0 ? now.Name : now.Identifier);
        string address = now.IsConnected && now.Address.Length > 0 ? $", {now.Address}" : "";
        surroundings.Output.WriteLine($"{called} is {(wasAlready ? "already " : "")}{now.State}{Plain.Of(address)}");
    }
}
