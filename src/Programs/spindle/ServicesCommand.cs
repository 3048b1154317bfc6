using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Spindle.DBus;

namespace Spindle.Programs;

/// <summary><c>spindle services [NAME]</c>.</summary>
internal static class ServicesCommand
{
    public static int Run(BusClient client, Surroundings surroundings, string? name, bool isJson)
    {
        IReadOnlyList<ServiceEntry> services = client.Services();
        if (name is null)
        {
            List(services, surroundings, isJson);
        }
        else
        {
            Show(ServiceEntry.Find(services, name), surroundings, isJson);
        }

        return ExitCode.Success;
    }

    /// <summary>Writes a service as an object: its path, its identifier, and its properties.</summary>
    public static void Write(Utf8JsonWriter writer, ServiceEntry service)
    {
        writer.WriteStartObject();
        writer.WriteString("Path", service.Path);
        writer.WriteString("Identifier", service.Identifier);
        Json.Entries(writer, service.Properties);
        writer.WriteEndObject();
    }

    private static void List(IReadOnlyList<ServiceEntry> services, Surroundings surroundings, bool isJson)
    {
        if (isJson)
        {
            Json.Print(surroundings.Output, isIndented: true, writer =>
            {
                writer.WriteStartArray();
                foreach (ServiceEntry service in services)
                {
                    Write(writer, service);
                }

                writer.WriteEndArray();
            });
            return;
        }

        if (services.Count == 0)
        {
            surroundings.Errors.WriteLine("spindle: there are no services; is a cable plugged in?");
            return;
        }

        Table table = new();
        table.Add(
            new Cell("STATE", Colour.Bold), new Cell("NAME", Colour.Bold), new Cell("INTERFACE", Colour.Bold),
            new Cell("ADDRESS", Colour.Bold), new Cell("IDENTIFIER", Colour.Bold));
        foreach (ServiceEntry service in services)
        {
            table.Add(
                new Cell(service.State, Colours.OfState(service.State)),
                service.Name.Length > 0 ? service.Name : "-",
                service.Interface.Length > 0 ? service.Interface : "-",
                service.Address.Length > 0 ? service.Address : "-",
                new Cell(service.Identifier, Colour.Faint));
        }

        table.Write(surroundings.Output, surroundings.HasColours);
    }

    private static void Show(ServiceEntry service, Surroundings surroundings, bool isJson)
    {
        if (isJson)
        {
            Json.Print(surroundings.Output, isIndented: true, writer => Write(writer, service));
            return;
        }

        Table table = new();
        table.Add(new Cell("Identifier", Colour.Bold), service.Identifier);
        foreach (BusValue entry in service.Properties.Items)
        {
            string key = Plain.Of(entry.Items[0]);
            string text = Plain.OrNothing(entry.Items[1]);
            table.Add(new Cell(key, Colour.Bold), new Cell(text, key == "State" ? Colours.OfState(text) : Colour.None));
        }

        table.Write(surroundings.Output, surroundings.HasColours);
    }
}
