using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;

namespace Spindle.Examples.Tests;

/// <summary>Every example does what its first comment says.</summary>
public sealed class ExamplesTests
{
    private const int Hangup = 1;
    private const int User1 = 10;

    [Fact]
    public async Task The_echo_server_answers_each_of_its_clients()
    {
        using Example server = Example.Start("EchoServer");
        int port = Port(await server.ReadLineAsync());
        List<TcpClient> clients = [];
        for (int count = 0; count < 50; count++)
        {
            TcpClient client = new();
            await client.ConnectAsync(IPAddress.Loopback, port);
            clients.Add(client);
        }

        for (int index = 0; index < clients.Count; index++)
        {
            byte[] sent = Encoding.UTF8.GetBytes(new string((char)('a' + (index % 26)), 1 + (index * 1000)));
            byte[] received = new byte[sent.Length];
            Task write = clients[index].GetStream().WriteAsync(sent).AsTask();
            await clients[index].GetStream().ReadExactlyAsync(received);
            await write;
            Assert.Equal(sent, received);
        }

        clients.ForEach(static client => client.Dispose());
        Assert.Equal(0, await server.EndAsync());
    }

    [Fact]
    public async Task The_async_client_talks_to_the_echo_server_over_many_connections()
    {
        using Example server = Example.Start("EchoServer");
        int port = Port(await server.ReadLineAsync());
        using Example client = Example.Start("AsyncClient", $"{port}", "40", "25");
        Assert.Equal("40 of 40 connections, 25 messages each", await client.ReadLineAsync());
        Assert.Equal(0, await client.WaitAsync());
        Assert.Equal(0, await server.EndAsync());

        using Example refused = Example.Start("AsyncClient", $"{port}", "1", "1");
        Assert.Equal(1, await refused.WaitAsync());
        Assert.Contains("ECONNREFUSED", (await refused.ReadRestAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ticker_counts_starts_anew_and_ends()
    {
        using Example ticker = Example.Start("Ticker", "1");
        Assert.Equal("ticking", await ticker.ReadLineAsync());
        long before = await TicksAsync(ticker, 20);
        Assert.InRange(before, 20, long.MaxValue);
        ticker.Signal(Hangup);
        Assert.Equal(0, await ticker.EndAsync());
    }

    [Fact]
    public async Task A_hangup_sets_the_ticker_to_nothing()
    {
        using Example ticker = Example.Start("Ticker", "3600000");
        Assert.Equal("ticking", await ticker.ReadLineAsync());
        ticker.Signal(Hangup);
        ticker.Signal(User1);
        Assert.Equal("ticks: 0", await ticker.ReadLineAsync());
        Assert.Equal(0, await ticker.EndAsync());
    }

    [Fact]
    public async Task The_supervisor_starts_what_fails_again_and_ends_it_when_told()
    {
        using Example supervisor = Example.Start("Supervisor", "/bin/sh", "-c", "exit 3");
        for (int count = 0; count < 3; count++)
        {
            Assert.StartsWith("started ", await supervisor.ReadLineAsync());
            Assert.Equal("ended with 3", await supervisor.ReadLineAsync());
        }

        Assert.Equal(0, await supervisor.EndAsync());
    }

    [Fact]
    public async Task The_supervisor_passes_the_end_on_and_is_done_with_what_ends_well()
    {
        using Example waiting = Example.Start("Supervisor", "/bin/sleep", "3600");
        Assert.StartsWith("started ", await waiting.ReadLineAsync());
        Assert.Equal(0, await waiting.EndAsync());
        Assert.Equal(["ended by signal 15"], (await waiting.ReadRestAsync()).Output);

        using Example done = Example.Start("Supervisor", "/bin/true");
        Assert.Equal(0, await done.WaitAsync());

        using Example missing = Example.Start("Supervisor", "/nonexistent");
        Assert.Equal(127, await missing.WaitAsync());
        Assert.Contains("ENOENT", (await missing.ReadRestAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_workers_sum_files_and_say_which_they_cannot_read()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("spindle-");
        try
        {
            string good = Path.Combine(directory.FullName, "good");
            byte[] content = RandomNumberGenerator.GetBytes(100_000);
            await File.WriteAllBytesAsync(good, content);
            using Example sums = Example.Start("Checksums", good, Path.Combine(directory.FullName, "missing"), good);
            Assert.Equal(1, await sums.WaitAsync());
            (IReadOnlyList<string> output, string error) = await sums.ReadRestAsync();
            string line = $"{Convert.ToHexStringLower(SHA256.HashData(content))}  {good}";
            Assert.Equal([line, line], output);
            Assert.Contains("missing", error, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("AsyncClient")]
    [InlineData("Ticker")]
    [InlineData("Supervisor")]
    [InlineData("Checksums")]
    [InlineData("EchoServer", "no number")]
    public async Task A_wrong_command_line_gets_the_usage(string name, params string[] arguments)
    {
        using Example example = Example.Start(name, arguments);
        Assert.Equal(2, await example.WaitAsync());
        Assert.StartsWith($"usage: {name}", (await example.ReadRestAsync()).Error, StringComparison.Ordinal);
    }

    private static int Port(string line) => int.Parse(line[(line.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);

    /// <summary>Asks until at least so many ticks are told.</summary>
    private static async Task<long> TicksAsync(Example ticker, long min)
    {
        long ticks = -1;
        while (ticks < min)
        {
            ticker.Signal(User1);
            string line = await ticker.ReadLineAsync();
            ticks = long.Parse(line["ticks: ".Length..], CultureInfo.InvariantCulture);
        }

        return ticks;
    }
}
