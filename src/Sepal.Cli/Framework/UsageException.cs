namespace Sepal.Cli.Framework;

/// <summary>A command line that cannot be obeyed; ends the program with <see cref="ExitCodes.BadUsage"/>.</summary>
/// <param name="message">One line, without the program's name: the option, what was received, what is expected.</param>
internal sealed class UsageException(string message) : SepalException(message)
{
    /// <summary>Makes the error for an option's value.</summary>
    /// <param name="option">The option, with its dashes.</param>
    /// <param name="received">The value as it was typed.</param>
    /// <param name="expected">What it should be, a phrase without its full stop.</param>
    /// <returns>The exception; the caller throws it.</returns>
    public static UsageException ForOption(string option, string received, string expected) =>
        new(Describe(option, received, expected));

    /// <summary>The text that every rejected option value gets.</summary>
    /// <param name="option">The option, with its dashes.</param>
    /// <param name="received">The value as it was typed.</param>
    /// <param name="expected">What it should be, a phrase without its full stop.</param>
    /// <returns>One line.</returns>
    public static string Describe(string option, string received, string expected) =>
        $"{option}: received '{received}'; expected {expected}.";
}
