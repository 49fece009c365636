using System.Collections.Immutable;
using System.Globalization;

namespace Sepal.Data;

/// <summary>What a <c>.npy</c> header says.</summary>
/// <param name="Description">The element type as NumPy spells it.</param>
/// <param name="IsFortranOrder">Whether the first axis runs fastest.</param>
/// <param name="Shape">The extents, outermost first; each from 0 to <see cref="long.MaxValue"/>.</param>
internal sealed record NpyHeader(string Description, bool IsFortranOrder, ImmutableArray<long> Shape)
{
    /// <summary>Parses the Python dictionary that a header is: three keys in any order, and nothing else.</summary>
    /// <param name="text">The header.</param>
    /// <returns>The header; null where it is no such dictionary.</returns>
    public static NpyHeader? Parse(string text) => new Parser(text).Parse();

    /// <summary>Reads by one character of foresight; a method that finds something else gives null or false.</summary>
    private sealed class Parser(string text)
    {
        private int _position;

        public NpyHeader? Parse()
        {
            string? description = null;
            bool? isFortranOrder = null;
            ImmutableArray<long>? shape = null;
            if (!Take('{'))
            {
                return null;
            }

            while (!Take('}'))
            {
                if (TakeString() is not { } key || !Take(':'))
                {
                    return null;
                }

                bool understood = key switch
                {
                    "descr" when description is null => (description = TakeString()) is not null,
                    "fortran_order" when isFortranOrder is null => (isFortranOrder = TakeBoolean()) is not null,
                    "shape" when shape is null => (shape = TakeShape()) is not null,
                    _ => false,
                };
                if (!understood || (!Take(',') && Peek() != '}'))
                {
                    return null;
                }
            }

            return Peek() == '\0' && description is not null && isFortranOrder is { } fortran && shape is { } extents
                ? new NpyHeader(description, fortran, extents)
                : null;
        }

        /// <summary>The next character that is not white space; a zero at the end.</summary>
        private char Peek()
        {
            while (_position < text.Length && text[_position] is ' ' or '\n' or '\r' or '\t')
            {
                _position++;
            }

            return _position < text.Length ? text[_position] : '\0';
        }

        private bool Take(char expected)
        {
            bool isThere = Peek() == expected;
            _position += isThere ? 1 : 0;
            return isThere;
        }

        private string? TakeString()
        {
            char quote = Peek();
            int end = quote is '\'' or '"' ? text.IndexOf(quote, _position + 1) : -1;
            if (end < 0)
            {
                return null;
            }

            string content = text[(_position + 1)..end];
            _position = end + 1;
            return content;
        }

        private bool? TakeBoolean()
        {
            Peek();
            foreach (bool value in (bool[])[true, false])
            {
                string word = value ? "True" : "False";
                if (string.CompareOrdinal(text, _position, word, 0, word.Length) == 0)
                {
                    _position += word.Length;
                    return value;
                }
            }

            return null;
        }

        private ImmutableArray<long>? TakeShape()
        {
            if (!Take('('))
            {
                return null;
            }

            var extents = ImmutableArray.CreateBuilder<long>();
            while (!Take(')'))
            {
                if (TakeNumber() is not { } extent || (!Take(',') && Peek() != ')'))
                {
                    return null;
                }

                extents.Add(extent);
            }

            return extents.ToImmutable();
        }

        private long? TakeNumber()
        {
            Peek();
            int end = _position;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            if (!long.TryParse(text.AsSpan(_position, end - _position), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                return null;
            }

            // Python 2 wrote long integers with an L behind.
            _position = end + (end < text.Length && text[end] == 'L' ? 1 : 0);
            return number;
        }
    }
}
