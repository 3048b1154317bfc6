using System;
using System.IO;

namespace Spindle.Programs.Net.Tests;

public sealed class SeedJournalTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-journal-");

    private string Path => System.IO.Path.Combine(folder.FullName, "journal");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_new_one_has_come_to_nothing_yet()
    {
        using SeedJournal journal = Open();
        Assert.Null(journal.Next);
    }

    [Theory]
    [InlineData(2UL, 18446744073709551615UL)]
    [InlineData(18446744073709551615UL, 2UL)]
    public void What_was_written_last_is_read_the_next_time(ulong first, ulong last)
    {
        using (SeedJournal journal = Open())
        {
            Assert.Null(journal.Write(first));
            Assert.Null(journal.Write(last));
        }

        using SeedJournal again = Open();
        Assert.Equal(last, again.Next);
    }

    [Fact]
    public void The_number_behind_the_last_seed_of_all_is_kept_too()
    {
        using (SeedJournal journal = Open())
        {
            Assert.Null(journal.Write((UInt128)ulong.MaxValue + 1));
        }

        using SeedJournal again = Open();
        Assert.Equal((UInt128)ulong.MaxValue + 1, again.Next);
    }

    [Fact]
    public void One_that_was_written_by_hand_is_read()
    {
        File.WriteAllText(Path, "12796\n");
        using SeedJournal journal = Open();
        Assert.Equal(12796UL, journal.Next);
    }

    [Fact]
    public void Two_runs_do_not_share_one()
    {
        using SeedJournal journal = Open();
        Assert.False(SeedJournal.TryOpen(Path, out _, out string complaint));
        Assert.Contains("cannot be had", complaint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("twelve")]
    [InlineData("-1")]
    [InlineData("1 2")]
    public void What_is_no_journal_is_left_as_it_is(string text)
    {
        File.WriteAllText(Path, text);
        Assert.False(SeedJournal.TryOpen(Path, out _, out string complaint));
        Assert.Contains("is not a journal", complaint, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(Path));
    }

    [Fact]
    public void Where_none_can_be_is_said()
    {
        Assert.False(SeedJournal.TryOpen(folder.FullName, out _, out string complaint));
        Assert.Contains("cannot be had", complaint, StringComparison.Ordinal);
    }

    private SeedJournal Open()
    {
        Assert.True(SeedJournal.TryOpen(Path, out SeedJournal? journal, out string complaint), complaint);
        return journal;
    }
}
