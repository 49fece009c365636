using System.CommandLine.Help;
using Sepal.Cli;
using Sepal.Cli.Framework;
using Sepal.Peers;

// A process that this program started for one engine's own figures; kept from everything else, so that these are its own.
if (args is [EngineProcess.Marker, .. string[] work])
{
    EngineProcess.Serve(work);
    return ExitCodes.Done;
}

using var interruption = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = !interruption.IsCancellationRequested;
    interruption.Cancel();
};
return SepalCommand.Run(
    new PeersVerb { new HelpOption { Action = new HelpWithExamples() } }, args, Terminal.OfConsole(), interruption.Token);
