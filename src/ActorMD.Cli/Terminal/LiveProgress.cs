using ActorMD.Runs.Sessions;
using Spectre.Console;

namespace ActorMD.Cli.Terminal;

/// <summary>Progress as one line that is drawn anew, on a terminal.</summary>
internal sealed class LiveProgress(ProgressTask task) : IRunObserver
{
    public void Advanced(RunPace pace)
    {
        task.Value = pace.Fraction;
        task.Description = Markup.Escape(PlainProgress.Text(pace));
    }

    public void Checkpointed(double time)
    {
    }

    /// <summary>Runs something while the line is shown on standard error.</summary>
    public static T Show<T>(string title, Func<ProgressTask, T> work) => StandardError.Console.Progress()
        .AutoClear(true)
        .Columns(new SpinnerColumn(), new ProgressBarColumn(), new TaskDescriptionColumn())
        .Start(context => work(context.AddTask(title, maxValue: 1)));
}
