namespace Sepal.Cli.Framework;

/// <summary>What the program tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>The verb did what it was asked.</summary>
    public const int Done = 0;

    /// <summary>The verb could not do it, though it was asked correctly.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a file given on it is wrong.</summary>
    public const int BadUsage = 2;

    /// <summary>Ctrl-C: 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
