using System;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Spindle.Programs.Tests;

/// <summary>The commands against a daemon on a real bus.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly FakeDaemon daemon = new();

    public void Dispose() => daemon.Dispose();

    private static (int Code, string Output, string Errors) RunAt(string address, params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter errors = new() { NewLine = "\n" };
        int code = CommandLine.Run(arguments, new Surroundings { Output = output, Errors = errors, BusAddress = address });
        return (code, output.ToString(), errors.ToString());
    }

    private (int Code, string Output, string Errors) Run(params string[] arguments) => RunAt(daemon.Address, arguments);

    [Fact]
    public void Status_tells_a_person() => Assert.Equal(
        """
        State    online
        Default  Wired on eth0, 192.0.2.7/24
        Wired    connected
        Daemon   spindled 0.1.0, process , up 2 h 1 min
        Kernel    links,  addresses, 10008 routes,  overruns
        Dropped  dhcp 3

        """,
        Run("status").Output);

    [Fact]
    public void Status_tells_a_script()
    {
        using JsonDocument status = JsonDocument.Parse(Run("status", "--json").Output);
        Assert.Equal("online", status.RootElement.GetProperty("State").GetString());
        Assert.Equal(10_008, status.RootElement.GetProperty("Routes").GetInt32());
        Assert.Equal(3, status.RootElement.GetProperty("Drops").GetProperty("dhcp").GetInt32());
        Assert.Equal("192.0.2.7", status.RootElement.GetProperty("Default").GetProperty("IPv4").GetProperty("Address").GetString());
        Assert.True(status.RootElement.GetProperty("Technologies")[0].GetProperty("Powered").GetBoolean());
    }

    [Fact]
    public void Status_works_with_ConnMan_too()
    {
        using FakeDaemon connman = new(isSpindle: false);
        (int code, string output, string errors) = RunAt(connman.Address, "status");
        Assert.Equal((0, ""), (code, errors));
        Assert.DoesNotContain("Daemon", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Services_are_a_table_without_colours_where_there_is_no_terminal() => Assert.Equal(
        """
        STATE    NAME   INTERFACE  ADDRESS       IDENTIFIER
        online   Wired  eth0       192.0.2.7/24  ethernet_020000000001_cable
        idle     Lab    eth1       -             ethernet_020000000002_cable
        failure  Lab    eth2       -             ethernet_020000000003_cable

        """,
        Run("services").Output);

    [Fact]
    public void Services_are_objects_for_a_script()
    {
        using JsonDocument services = JsonDocument.Parse(Run("services", "--json").Output);
        Assert.Equal(3, services.RootElement.GetArrayLength());
        Assert.Equal(FakeDaemon.Wired, services.RootElement[0].GetProperty("Path").GetString());
        Assert.Equal(1500, services.RootElement[0].GetProperty("Ethernet").GetProperty("MTU").GetInt32());
        Assert.Equal("192.0.2.1", services.RootElement[0].GetProperty("Nameservers")[0].GetString());
    }

    [Theory]
    [InlineData(FakeDaemon.Wired)]
    [InlineData("ethernet_020000000001_cable")]
    [InlineData("Wired")]
    [InlineData("wired")]
    [InlineData("eth0")]
    public void One_service_is_found_by_what_people_call_it(string name)
    {
        (int code, string output, _) = Run("services", name);
        Assert.Equal(0, code);
        Assert.StartsWith("Identifier   ethernet_020000000001_cable\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_fits_none_or_two_is_said()
    {
        Assert.Equal((4, "", "spindle: there is no service 'no\ufffdne'\n"), Run("services", "no\ene"));
        (int code, _, string errors) = Run("connect", "Lab");
        Assert.Equal(4, code);
        Assert.Equal(
            "spindle: 'Lab' is the name of 2 services; say which: ethernet_020000000002_cable, ethernet_020000000003_cable\n", errors);
    }

    [Fact]
    public void Connecting_what_is_connected_is_no_failure() =>
        Assert.Equal((0, "Wired is already ready, 192.0.2.7/24\n", ""), Run("connect", "Wired"));

    [Fact]
    public void A_refusal_is_a_failure_with_the_daemons_words() =>
        Assert.Equal((1, "", "spindle: Not supported (net.connman.Error.NotSupported)\n"), Run("disconnect", "Wired"));

    [Theory]
    [InlineData("nonsense")]
    [InlineData("connect")]
    [InlineData("status", "--nonsense")]
    public void A_wrong_command_line_is_said(params string[] arguments)
    {
        (int code, _, string errors) = Run(arguments);
        Assert.Equal(2, code);
        Assert.NotEmpty(errors);
    }

    [Fact]
    public void Help_needs_no_bus()
    {
        (int code, string output, _) = RunAt("unix:path=/nowhere", "connect", "--help");
        Assert.Equal(0, code);
        Assert.Contains("spindle connect <NAME>", output.Replace("testhost", "spindle", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Shells_are_told_the_services() => Assert.Equal(
        "ethernet_020000000001_cable\nethernet_020000000002_cable\nethernet_020000000003_cable\n",
        Run("[suggest:25]", "spindle services ethernet").Output);

    [Fact]
    public void Without_bus_or_daemon_it_says_so()
    {
        (int code, _, string errors) = RunAt("unix:path=/nowhere", "status");
        Assert.Equal(3, code);
        Assert.StartsWith("spindle: cannot reach the system bus: ", errors, StringComparison.Ordinal);
        using Spindle.DBus.Tests.PrivateBus empty = new();
        Assert.Equal(
            (3, "", "spindle: the daemon is not running: nobody owns net.connman on the bus\n"), RunAt(empty.Address, "services"));
    }

    [Fact]
    public async Task Monitor_shows_each_change_and_ends_with_the_bus()
    {
        using TellingWriter output = new();
        using TellingWriter errors = new();
        Surroundings surroundings = new() { Output = output, Errors = errors, BusAddress = daemon.Address };
        Task<int> running = Task.Factory.StartNew(
            () => CommandLine.Run(["monitor", "--json"], surroundings), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.Equal("spindle: the daemon is there, listening", await errors.NextLine());
        daemon.Say("ready");
        using JsonDocument change = JsonDocument.Parse(await output.NextLine());
        Assert.Equal("PropertyChanged", change.RootElement.GetProperty("Member").GetString());
        Assert.Equal("ready", change.RootElement.GetProperty("Arguments")[1].GetString());
        daemon.EndBus();
        Assert.Equal(3, await running.WaitAsync(TimeSpan.FromSeconds(30)));
    }
}
