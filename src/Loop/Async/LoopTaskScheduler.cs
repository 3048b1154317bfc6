using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Spindle.Loop.Async;

/// <summary>Runs tasks on a loop's thread, each in a later turn, in order: for <c>Task.Factory.StartNew</c> and
/// <c>ContinueWith</c>.</summary>
/// <param name="loop">The loop.</param>
public sealed class LoopTaskScheduler(EventLoop loop) : TaskScheduler
{
    private readonly LoopAwaits awaits = LoopAwaits.Of(loop);

    /// <summary>One thread.</summary>
    public override int MaximumConcurrencyLevel => 1;

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => awaits.Continuations.Add(RunPosted, task);

    /// <summary>On the loop's thread a task that someone waits for runs at once.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        awaits.Loop.IsOwnThread && TryExecuteTask(task);

    /// <summary>For debuggers, which get nothing: the queue holds more than tasks.</summary>
    protected override IEnumerable<Task> GetScheduledTasks() => Array.Empty<Task>();

    private void RunPosted(object? task) => TryExecuteTask((Task)task!);
}
