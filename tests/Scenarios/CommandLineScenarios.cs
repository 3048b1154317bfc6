using System.Text.Json;
using System.Threading.Tasks;

namespace Spindle.Scenarios;

/// <summary>Our own command line against our own daemon.</summary>
public sealed class CommandLineScenarios
{
    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Status_and_services_are_shown_to_people_and_to_scripts()
    {
        await using Lab lab = await Lab.OnlineAsync();
        Assert.Contains("online", await lab.ClientAsync("spindle", "status"));
        Assert.Contains("Wired", await lab.ClientAsync("spindle", "services"));
        using JsonDocument status = JsonDocument.Parse(await lab.ClientAsync("spindle", "status", "--json"));
        using JsonDocument services = JsonDocument.Parse(await lab.ClientAsync("spindle", "services", "--json"));
        Assert.Contains("online", status.RootElement.GetRawText());
        Assert.Contains(Lab.Wired, services.RootElement.GetRawText());
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Connect_and_disconnect_by_name()
    {
        await using Lab lab = await Lab.OnlineAsync();
        await lab.ClientAsync("spindle", "disconnect", "Wired");
        await lab.UntilStateAsync("idle");
        await lab.ClientAsync("spindle", "connect", "Wired");
        await lab.UntilStateAsync("online");
        (int status, string output) = await lab.TryAsync("spindle", "connect", "no-such-service");
        Assert.NotEqual(0, status);
        Assert.Contains("no-such-service", output);
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Without_a_daemon_it_fails_and_says_so()
    {
        await using Lab lab = await Lab.BuildAsync();
        (int status, string output) = await lab.TryAsync("spindle", "status");
        Assert.NotEqual(0, status);
        Assert.NotEqual("", output.Trim());
    }

    [Fact]
    [Trait("Daemon", "spindled")]
    public async Task Monitor_shows_the_cable()
    {
        await using Lab lab = await Lab.OnlineAsync();
        Watch monitor = lab.Watch("spindle", "monitor");
        await lab.UntilAsync(
            async () =>
            {
                // It may not watch yet when the cable first moves.
                await lab.CableOutAsync();
                await lab.UntilStateAsync("idle");
                await lab.CableInAsync();
                await lab.UntilStateAsync("online");
                return string.Join('\n', monitor.Lines()).Contains("online");
            },
            "the monitor shows online");
    }
}
