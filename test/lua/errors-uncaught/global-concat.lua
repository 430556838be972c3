print('name: ' .. undefined_name)
