using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Daemon.Logging;
using Spindle.Daemon.Storage;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Model;
using Spindle.Simulation.Faults;

namespace Spindle.Simulation.Daemons;

/// <summary>Settings that cannot be read for a moment, or at all, are not lost.</summary>
public sealed class SettingsFaultTests
{
    private const string Ident = "ethernet_020000000001_cable";
    private const string Directory = "/var/lib/connman";
    private const string Settings = Directory + "/" + Ident + "/settings";

    private readonly SimulatedMachine machine = new(1);
    private readonly Lines lines = new();

    public SettingsFaultTests()
    {
        Life first = new(this);
        first.Store.SaveService(Ident, new StoredService(new ServiceConfiguration { AutoConnect = false }));
        first.Store.SaveGlobal(new GlobalSettings { OfflineMode = true });
        bool? isWritten = null;
        first.Store.Flush(TimeSpan.FromSeconds(5), done => isWritten = done);
        first.RunUntil(() => isWritten is not null);
        Assert.True(isWritten);
        first.Kernel.Kill();
    }

    [Theory]
    [InlineData(SystemCall.Open, Errno.EMFILE)]
    [InlineData(SystemCall.Open, Errno.ENFILE)]
    [InlineData(SystemCall.Open, Errno.ENOMEM)]
    [InlineData(SystemCall.ListDirectory, Errno.ENOMEM)]
    [InlineData(SystemCall.StartThread, Errno.EAGAIN)]
    public void Whatever_is_short_for_a_moment_the_settings_are_read(SystemCall call, Errno error)
    {
        for (int number = 1; number <= 12; number++)
        {
            Life next = new(this, kernel =>
            {
                for (int failing = 1; failing <= number; failing++)
                {
                    kernel.Faults.FailAt(call, failing, error);
                }
            });
            Assert.False(next.Load().Configuration.AutoConnect, $"{number} calls failed");
            Assert.Empty(next.Aside());
            next.Kernel.Kill();
        }
    }

    [Fact]
    public void A_disk_that_gives_no_answer_loses_nothing_when_something_is_written_in_its_place()
    {
        Life next = new(this);
        next.Kernel.Faults.FailAt(SystemCall.Read, next.Kernel.Faults.CountOf(SystemCall.Read) + 1, Errno.EIO);
        Assert.Null(next.LoadOrNull());
        Assert.Empty(next.Aside());
        next.Store.SaveService(Ident, new StoredService(new ServiceConfiguration()));
        Assert.Equal(["settings.bad-1"], next.Aside());
        Assert.Contains(lines.Texts, static line => line.EndsWith("what it held is now " + Settings + ".bad-1", StringComparison.Ordinal));
    }

    /// <summary>One run of the store.</summary>
    private sealed class Life
    {
        private readonly EventLoop loop;
        private readonly SimulatedMachine machine;

        public Life(SettingsFaultTests test, Action<SimulatedKernel>? disturb = null)
        {
            machine = test.machine;
            Kernel = machine.StartProcess();
            loop = new EventLoop(Kernel);
            Store = new SettingsStore(loop, Directory, new Log(test.lines));
            disturb?.Invoke(Kernel);
            Store.Open();
        }

        public SimulatedKernel Kernel { get; }

        public SettingsStore Store { get; }

        public StoredService Load() => LoadOrNull() ?? throw new InvalidOperationException("Nothing is stored.");

        public StoredService? LoadOrNull()
        {
            StoredService? found = null;
            bool isDone = false;
            Store.LoadService(Ident, (service, _) => (found, isDone) = (service, true));
            RunUntil(() => isDone);
            return found;
        }

        public void RunUntil(Func<bool> isDone) => loop.TurnUntil(isDone);

        public List<string> Aside()
        {
            List<string> names = [];
            Assert.True(machine.StartProcess().ListDirectory(Directory + "/" + Ident, names).IsOk);
            names.RemoveAll(static name => !name.Contains(".bad-", StringComparison.Ordinal));
            return names;
        }
    }

    private sealed class Lines : LogSink
    {
        public List<string> Texts { get; } = [];

        protected override int WriteHead(LogLevel level, Span<byte> destination) => 0;

        protected override bool TryHandOver(ReadOnlySpan<byte> line)
        {
            Texts.Add(Encoding.UTF8.GetString(line[..^1]));
            return true;
        }
    }
}
