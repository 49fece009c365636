/* No less-than, greater-than or ampersand in this file: it is embedded in pages that are XML as well as HTML. */
document.querySelectorAll('table.sortable').forEach(function (table) {
  var headings = table.querySelectorAll('thead th');
  headings.forEach(function (heading, column) {
    var button = heading.querySelector('button');
    button.addEventListener('click', function () {
      var descending = heading.getAttribute('aria-sort') === 'descending' ? false
        : heading.getAttribute('aria-sort') === 'ascending' ? true : heading.classList.contains('number');
      headings.forEach(function (other) { other.removeAttribute('aria-sort'); });
      heading.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      var body = table.tBodies[0];
      var rows = Array.from(body.rows);
      function key(row) {
        var text = row.cells[column].dataset.value;
        return heading.classList.contains('number') ? Number(text) : text;
      }
      rows.sort(function (first, second) {
        var one = key(first), two = key(second);
        var order = typeof one === 'number' ? one - two : one.localeCompare(two, undefined, { numeric: true });
        return descending ? -order : order;
      });
      rows.forEach(function (row) { body.appendChild(row); });
    });
  });
});
